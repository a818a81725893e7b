"""Drawings for the staff, as numbers that a template places."""

from gutskin.plots.answer_bars import answer_bars
from gutskin.plots.bars import bars_plot
from gutskin.plots.columns import columns_plot
from gutskin.plots.lines import lines_plot
from gutskin.plots.score_trend import score_trend

__all__ = ["answer_bars", "bars_plot", "columns_plot", "lines_plot", "score_trend"]
