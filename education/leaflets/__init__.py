"""Articles as PDF leaflets: made when a revision is published, kept in the database, served as files."""

from education.leaflets.generate import make_missing
from education.leaflets.sources import sources_digest

__all__ = ["make_missing", "sources_digest"]
