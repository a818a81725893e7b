"""A bibliographic record as readers see it and as reference managers take it."""

from education.citation.bibtex import bibtex
from education.citation.csl_json import csl_json
from education.citation.ris import ris
from education.citation.vancouver_style import vancouver

__all__ = ["bibtex", "csl_json", "ris", "vancouver"]
