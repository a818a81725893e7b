"""The figures of the desk: numbers about requests, never about what somebody wrote."""

from consultations.figures.all_figures import all_figures

__all__ = ["all_figures"]
