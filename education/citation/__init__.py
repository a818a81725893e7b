"""References as readers see them (Vancouver style) and as reference managers import them."""

from education.citation.export_formats import bibtex, csl_json, ris
from education.citation.vancouver_style import author_and_year, vancouver

__all__ = ["author_and_year", "bibtex", "csl_json", "ris", "vancouver"]
