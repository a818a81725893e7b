"""Articles as PDF leaflets: printed after a revision is published, stored in the database, served as files."""

from education.leaflets.generate import make_missing, sources_digest

__all__ = ["make_missing", "sources_digest"]
