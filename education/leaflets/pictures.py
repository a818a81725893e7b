"""What is drawn on paper: icon arrays, the drawing of the article, and the QR code."""

from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple
from urllib.parse import quote

from django.contrib.staticfiles import finders
from django.utils.html import escape

from education.evidence_numbers import SPACE

# As in static/css/paper.css, without quotation marks and spaces, which the printer takes for a part of the name.
SANS = "Noto Sans,Liberation Sans,DejaVu Sans,sans-serif"
SERIF = "Noto Serif,Liberation Serif,DejaVu Serif,serif"
# Of an icon array with its label, in units of the drawing: the places of two people are ten apart.
CAPTION_SIZE = 15
CAPTION_LINE = 18
CAPTION_LETTERS = 18  # on a line, in DejaVu Sans, the widest of our fonts
PICTURE_WIDTH = CAPTION_LETTERS * 9
ARRAY_WIDTH, ARRAY_HEIGHT = 150, 100
COLOURS = {False: "#07393c", True: "#8f1a13"}
# Of those affected, a circle; of the others a speck, for which a file needs a fifth. They differ without colour.
LARGE_MARK = "m-4.25 0a4.25 4.25 0 1 0 8.5 0a4.25 4.25 0 1 0-8.5 0z"
SMALL_MARK = "m-1.4-1.4h2.8v2.8h-2.8z"


class Picture(NamedTuple):
    src: str
    width: int
    height: int

    @property
    def percent_high(self):
        return round(100 * self.height / self.width)


# The same pictures are on the leaflet in several lengths, on the whole page, and on other pages.
@lru_cache(maxsize=2000)
def people_picture(array, *, is_harm) -> Picture:
    """An icon array with its label beneath, for a background: in a tagged PDF backgrounds are not read aloud.

    The label is in the picture too, because the sentence beside it has said it already.
    """
    lines = wrap(array.label, CAPTION_LETTERS)
    scale = min(ARRAY_WIDTH / array.width, ARRAY_HEIGHT / array.height)
    words = "".join(
        f'<text x="0" y="{ARRAY_HEIGHT + CAPTION_LINE * number}">{escape(line)}</text>'
        for number, line in enumerate(lines, start=1)
    )
    height = ARRAY_HEIGHT + 6 + CAPTION_LINE * len(lines)
    return _picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 0 {PICTURE_WIDTH} {height}" '
        f'font-family="{SANS}" font-size="{CAPTION_SIZE}" fill="#1c2b2d">'
        f'<g transform="translate(0 {ARRAY_HEIGHT - array.height * scale:g}) scale({scale:g})">'
        f'<path fill="#4d5e60" d="{_marks(array, array.count, None, SMALL_MARK)}"/>'
        f'<path fill="{COLOURS[is_harm]}" d="{_marks(array, 0, array.count, LARGE_MARK)}"/></g>{words}</svg>',
        PICTURE_WIDTH,
        height,
    )


def _marks(array, first, last, mark):
    """The people from `first` to `last`, from the left below.

    Shapes, and not the dots of a dashed line, which a page has: some printers leave such dots out.
    """
    columns, rows = array.width // SPACE, array.height // SPACE
    places = [divmod(person, columns) for person in range(columns * rows)][first:last]
    return "".join(
        f"M{column * SPACE + SPACE // 2} {array.height - row * SPACE - SPACE // 2}{mark}" for row, column in places
    )


@cache
def drawing_picture(drawing) -> Picture:
    """The drawing of an article (education.drawings.Drawing) in fonts that the printer knows."""
    svg = Path(finders.find(drawing.file)).read_text("utf-8")
    svg = svg.replace("system-ui, sans-serif", SANS).replace("ui-serif,Charter,Georgia,serif", SERIF)
    return _picture(svg, int(drawing.width), int(drawing.height))


def _picture(svg, width, height):
    # The printer fetches nothing, but it reads what is written into the page.
    return Picture(f"data:image/svg+xml,{quote(svg, safe=' /:=')}", width, height)


# Choosing the best mask of a QR code takes longer than the rest of a leaflet's HTML.
@lru_cache(maxsize=1000)
def qr_code(text: str) -> dict:
    """A QR code (ISO/IEC 18004): its `size` in modules with the quiet zone, and its `path` for an SVG."""
    # Most web processes print nothing.
    import segno

    code = segno.make(text, error="m", micro=False)
    # Neighbours in a row are one rectangle: half as many to draw, and no hairline between them.
    dark = [
        f"M{x} {y}h{width}v1h-{width}z"
        for y, row in enumerate(code.matrix_iter(border=code.default_border_size))
        for x, width in _runs(row)
    ]
    return {"size": code.symbol_size()[0], "path": "".join(dark)}


def _runs(row):
    """Where each run of dark modules begins, and how long it is."""
    x = 0
    for is_dark, modules in groupby(row, key=bool):
        width = len(list(modules))
        if is_dark:
            yield x, width
        x += width
