from functools import lru_cache

import segno


# Finding the best mask takes longer than the rest of a leaflet's HTML.
@lru_cache(maxsize=1000)
def qr_code(text: str) -> dict:
    """The QR code (ISO/IEC 18004) of a text as `size` in modules, quiet zone included, and `path` for an SVG of it."""
    code = segno.make(text, error="m", micro=False)
    dark = [
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.matrix_iter(border=code.default_border_size))
        for x, module in enumerate(row)
        if module
    ]
    return {"size": code.symbol_size()[0], "path": "".join(dark)}
