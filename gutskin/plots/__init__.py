"""Plots for the staff, as numbers that a template places in an SVG drawing."""

from gutskin.plots.bars import answer_bars, bars_plot, columns_plot
from gutskin.plots.lines import lines_plot, score_trend

__all__ = ["answer_bars", "bars_plot", "columns_plot", "lines_plot", "score_trend"]
