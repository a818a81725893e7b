"""The drawing of an article: static/drawings/<language>/<slug>.svg.

It is described in education/content/<language>/drawings.yaml.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles import finders

from education.seed.files import CONTENT_DIR, read_yaml

VIEW_BOX = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


class Drawing(NamedTuple):
    file: str  # below static/
    width: str
    height: str
    alt: str
    caption: str


@cache
def drawing_of(language: str, slug: str) -> Drawing | None:
    """The drawing of the article with this address; None if it has none."""
    described = _descriptions(language).get(slug)
    file = f"drawings/{language}/{slug}.svg"
    path = described and finders.find(file)
    if not path:
        return None
    width, height = VIEW_BOX.search(Path(path).read_text("utf-8")).groups()
    return Drawing(file, width, height, described["alt"], described.get("caption", ""))


@cache
def _descriptions(language):
    path = CONTENT_DIR / language / "drawings.yaml"
    return read_yaml(path) if path.exists() else {}
