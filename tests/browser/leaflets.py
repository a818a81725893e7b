"""Stand-ins for the leaflets that the scheduler prints: what pages show of them, without minutes of printing."""

import sqlite3
from contextlib import closing

from education.models import Leaflet

Format = Leaflet.Format
# As many pages as printed ones usually have.
PAGES = {Format.A4: 2, Format.LETTER: 2, Format.LARGE_PRINT: 6, Format.WHOLE_A4: 14, Format.WHOLE_LETTER: 14}
INSERT = """
INSERT INTO education_leaflet (article_id, revision_id, format, source_digest, pdf, pages, made_at)
SELECT id, live_id, ?, 'stand-in', ?, ?, '2026-12-01 08:00:00' FROM education_article WHERE live_id IS NOT NULL
"""


def add_leaflets(path):
    """Every published article in the database, a file of SQLite, has a leaflet of every format."""
    with closing(sqlite3.connect(path)) as database, database:
        for format in Format:
            database.execute(INSERT, [format.value, b"%PDF-1.7", PAGES[format]])
