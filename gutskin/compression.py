"""Compressed answers: brotli or gzip, whichever a client prefers and accepts (RFC 9110, 12.5.3)."""

import gzip
import hashlib
import re
from functools import lru_cache

import brotli
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

from gutskin.bounded_memory import BoundedMemory
from gutskin.not_modified import stored_with

# Shorter bodies do not become shorter.
AT_LEAST = 200
COMPRESSIBLE = re.compile(r"text/|image/svg|application/(json|xml|javascript|[\w.-]+\+(json|xml))")
# Brotli's quality for a page that is the same for everybody, and for an answer to a question that may never be asked
# again. Measured on an article of 70 kB and on the overview of 37 kB, with brotli 1.2:
#     quality  5: 13.6 and 9.4 kB in  1 ms        quality 10: 12.1 and 8.3 kB in 30 and 17 ms
#     quality  9: 13.5 and 9.3 kB in 16 and 12 ms     quality 11: 11.9 and 8.1 kB in 85 and 48 ms
# So 9 costs fifteen times what 5 does and saves nothing, and 11 costs three times what 10 does for its last 2 %.
QUALITY_OF_A_PAGE, QUALITY_OF_AN_ANSWER = 10, 5
# Longer bodies, as whole lists for other programs, would take too long at the higher quality: 4 ms for 10 kB.
LONGEST_PAGE = 200_000
# What is remembered of pages that were compressed before: a few hundred of them.
REMEMBERED_BYTES = 4_000_000
# Random bytes that hide how long a page with a secret is (BREACH: https://breachattack.com/), as Django's own.
MAX_RANDOM_BYTES = 100


@lru_cache(maxsize=1000)
def negotiated(accept_encoding: str, codings: tuple[str, ...] = ("br", "gzip")) -> str:
    """One of `codings`, or “” (as it is), from an Accept-Encoding header. What has `q=0` is not acceptable."""
    qualities = {}
    for part in accept_encoding.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        try:
            qualities[coding] = float(quality)
        except ValueError:
            qualities[coding] = 0
    # For the same quality the first one, which is the shorter one.
    best = max(codings, key=lambda coding: qualities.get(coding, qualities.get("*", 0)))
    return best if qualities.get(best, qualities.get("*", 0)) > 0 else ""


class CompressionMiddleware:
    """Compresses what is worth it, and gives each form of a public page its own strong ETag.

    Inside ConditionalGetMiddleware, which compares that ETag and copies Vary into a 304. Pages that may hold a secret
    are never stored, and have their length hidden; public ones are always the same bytes.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.streaming or response.has_header("Content-Encoding"):
            return response
        is_public = "public" in response.headers.get("Cache-Control", "")
        body = response.content
        if is_public and body and not response.has_header("ETag"):
            digest = hashlib.sha256(body + stored_with(response.headers.items()).encode())
            response.headers["ETag"] = f'"{digest.hexdigest()[:32]}"'
        if len(body) < AT_LEAST or not COMPRESSIBLE.match(response.headers.get("Content-Type", "")):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        codings = ("br", "gzip") if is_public else ("gzip",)
        coding = negotiated(request.headers.get("Accept-Encoding", ""), codings)
        if not coding:
            return response
        if is_public:
            response.content = _compressed(body, coding, _quality(request, body))
            response.headers["ETag"] = f'{response.headers["ETag"][:-1]}-{coding}"'
        else:
            response.content = compress_string(body, max_random_bytes=MAX_RANDOM_BYTES)
        response.headers["Content-Encoding"] = coding
        response.headers["Content-Length"] = str(len(response.content))
        return response


def _quality(request, body):
    is_page = not request.META.get("QUERY_STRING") and len(body) <= LONGEST_PAGE
    return QUALITY_OF_A_PAGE if is_page else QUALITY_OF_AN_ANSWER


# Compressed bodies by their content: most changes of the content version leave most pages as they are.
_remembered = BoundedMemory(REMEMBERED_BYTES)


def _compressed(body, coding, quality):
    key = (hashlib.sha256(body).digest(), coding, quality)
    # What takes about as long as finding it again is not worth its memory.
    is_quick = coding == "br" and quality == QUALITY_OF_AN_ANSWER
    if not is_quick and (found := _remembered.get(key)):
        return found
    if coding == "br":
        compressed = brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality)
    else:
        compressed = gzip.compress(body, compresslevel=9, mtime=0)
    if not is_quick:
        _remembered.put(key, compressed, len(compressed))
    return compressed
