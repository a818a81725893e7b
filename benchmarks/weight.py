"""What a first view and the next article weigh over the wire, as a browser that takes brotli gets them."""

import gzip
import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import brotli

from benchmarks.pages import ARTICLE
from benchmarks.results import Budget, Table
from benchmarks.servers import running
from tests.addresses import ARTICLES

VIEWS = {"article": ARTICLE, "home": "/", "evidence map": "/evidence/", "request form": "/consult/"}
KINDS = ("page", "style", "script", "picture", "icon")
# What a stylesheet or a script fetches by itself.
NAMED_IN_CSS = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)""")
IMPORTED = re.compile(r"""^\s*import\s+(?:[^"';]+from\s+)?["']([^"']+)["']""", re.M)


class Fetched(HTMLParser):
    """Kind and address of what a page makes a browser fetch."""

    def __init__(self, page: str):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        rel = (attributes.get("rel") or "").split()
        if tag == "link" and "stylesheet" in rel:
            self.found.append(("style", attributes["href"]))
        elif tag == "link" and "icon" in rel:
            self.found.append(("icon", attributes["href"]))
        elif tag == "link" and "modulepreload" in rel:
            self.found.append(("script", attributes["href"]))
        elif tag in ("img", "script") and attributes.get("src"):
            self.found.append(("picture" if tag == "img" else "script", attributes["src"]))


def run(lab) -> list[Table]:
    site = lab.site("this site")
    with running(site):
        views = {name: first_view(site, path) for name, path in VIEWS.items()}
        pages = {path: len(site.ask(path).content) for path in ARTICLES}
    rows = []
    for name, view in views.items():
        kilobytes = [f"{sum(size for kind, size in view if kind == each) / 1000:.1f}" for each in KINDS]
        rows.append([name, requests(view), f"{total(view):.1f}", *kilobytes])
    heaviest = max(pages, key=pages.get)
    return [
        Table(
            "First view",
            ["", "requests", "kB", *(f"{kind}, kB" for kind in KINDS)],
            rows,
            [
                Budget("first view of an article", total(views["article"]), at_most=30, unit="kB"),
                Budget("first view of an article", requests(views["article"]), at_most=5, unit="requests"),
                Budget("first view of the request form", requests(views["request form"]), at_most=5, unit="requests"),
                Budget(f"the next article, the heaviest ({heaviest})", pages[heaviest] / 1000, at_most=8, unit="kB"),
            ],
            notes=[
                "Bodies as they are sent, in thousands of bytes. The icon is among them and not among the requests: "
                "browsers fetch it for the tab, after the page. After that, the browser has everything but the page: "
                f"the next article is one request: {min(pages.values()) / 1000:.1f} to {pages[heaviest] / 1000:.1f} kB."
            ],
        )
    ]


def first_view(server, path) -> list[tuple[str, int]]:
    """Kind and size of each request, the page first."""
    seen, waiting, view = set(), [("page", path)], []
    while waiting:
        kind, address = waiting.pop(0)
        address = urlsplit(address).path
        if address in seen:
            continue
        seen.add(address)
        answer = server.ask(address)
        assert answer.status == 200, f"{address} answered {answer.status}"
        view.append((kind, len(answer.content)))
        waiting += [(each, urljoin(address, link)) for each, link in links(kind, answer)]
    return view


def links(kind, answer) -> list[tuple[str, str]]:
    if kind in {"picture", "icon"}:
        return []
    decode = {"br": brotli.decompress, "gzip": gzip.decompress}.get(answer.headers["Content-Encoding"], bytes)
    text = decode(answer.content).decode()
    if kind == "page":
        return Fetched(text).found
    found = NAMED_IN_CSS.findall(text) if kind == "style" else IMPORTED.findall(text)
    return [("picture" if kind == "style" else "script", link) for link in found]


def requests(view) -> int:
    return sum(kind != "icon" for kind, _size in view)


def total(view) -> float:
    return sum(size for _kind, size in view) / 1000
