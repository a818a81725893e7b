"""Articles as PDF leaflets: made when a revision is published, kept in the database, served as files."""

from education.leaflets.making import make_missing

__all__ = ["make_missing"]
