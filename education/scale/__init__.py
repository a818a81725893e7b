"""Made-up content in any amount, for measuring how the site behaves when it grows: see `manage.py load_scale`."""

from education.scale.articles import load_articles
from education.scale.evidence import load_statements
from education.scale.sources import batches, load_references, load_terms
from education.scale.writing import MARK, Writer

__all__ = ["MARK", "Writer", "batches", "load_articles", "load_references", "load_statements", "load_terms"]
