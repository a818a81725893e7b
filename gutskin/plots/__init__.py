"""Drawings for the staff, as numbers that a template places."""

from gutskin.plots.answer_bars import answer_bars
from gutskin.plots.score_trend import score_trend

__all__ = ["answer_bars", "score_trend"]
