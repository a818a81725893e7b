"""A local HTTP server that speaks E-utilities as PubMed does: esearch and esummary as JSON, efetch as XML.

https://www.ncbi.nlm.nih.gov/books/NBK25499/ describes the parameters.
"""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.education.register_server import pubmed_article, pubmed_set, status

TRIAL = ("Journal Article", "Randomized Controlled Trial")
REVIEW = ("Journal Article", "Systematic Review", "Meta-Analysis")


@dataclass(frozen=True)
class Paper:
    """A paper in PubMed since the day `entered`; a search finds it if it contains all of `words`."""

    pmid: str
    entered: date
    words: tuple[str, ...] = ()
    title: str = "A trial of something."
    types: tuple[str, ...] = TRIAL
    year: str = "2026 Nov 3"


@dataclass
class PubMed:
    papers: list[Paper] = field(default_factory=list)
    # By the name of a program: a list of answers that come before the right ones.
    instead: dict = field(default_factory=dict)
    requests: list = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def asked(self, program):
        return [query for name, query in self.requests if name == program]

    def slowly(self, handler):
        """Does not answer until the test is over."""
        self.released.wait(20)

    def answer(self, program, query):
        if program == "esearch":
            return self._search(query)
        if program == "esummary":
            return self._summary(query["id"].split(","))
        known = {paper.pmid: paper for paper in self.papers}
        found = [known[pmid] for pmid in query["id"].split(",") if pmid in known]
        articles = [pubmed_article(paper.pmid, title=escape(paper.title), types=paper.types) for paper in found]
        # Each has a number of its own in PubMed Central.
        own = [text.replace("PMC12494302", f"PMC{paper.pmid}") for text, paper in zip(articles, found, strict=True)]
        return pubmed_set(*own)

    def _search(self, query):
        first, last = (date(*map(int, query[name].split("/"))) for name in ("mindate", "maxdate"))
        found = [paper for paper in self.papers if all(word in query["term"].lower() for word in paper.words)]
        found = [paper for paper in found if query["datetype"] == "edat" and first <= paper.entered <= last]
        start, most = int(query["retstart"]), int(query["retmax"])
        page = found[start : start + min(most, 10_000)]
        result = {
            "count": str(len(found)),
            "retmax": str(len(page)),
            "retstart": str(start),
            "idlist": [paper.pmid for paper in page],
            "translationset": [],
            "querytranslation": query["term"],
        }
        if start + len(page) > 10_000:
            result = {"ERROR": "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998."}
        elif not found:
            result["warninglist"] = {
                "phrasesignored": [],
                "quotedphrasesnotfound": [],
                "outputmessages": ["No items found."],
            }
        return json.dumps({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}).encode()

    def _summary(self, pmids):
        known = {paper.pmid: paper for paper in self.papers}
        result = {"uids": pmids}
        for pmid in pmids:
            result[pmid] = _summary_of(known[pmid]) if pmid in known else {"uid": pmid, "error": "cannot get document"}
        return json.dumps({"header": {"type": "esummary", "version": "0.3"}, "result": result}).encode()


def _summary_of(paper):
    return {
        "uid": paper.pmid,
        "pubdate": paper.year,
        "epubdate": "",
        "source": "J Invest Dermatol",
        "authors": [{"name": "Zhao Y", "authtype": "Author", "clusterid": ""}],
        "lastauthor": "Zhao Y",
        "title": paper.title,
        "sorttitle": paper.title.lower(),
        "volume": "146",
        "issue": "3",
        "pages": "1-9",
        "lang": ["eng"],
        "issn": "0022-202X",
        "essn": "1523-1747",
        "pubtype": list(paper.types),
        "recordstatus": "PubMed - as supplied by publisher",
        "pubstatus": "10",
        "articleids": [{"idtype": "pubmed", "idtypen": 1, "value": paper.pmid}],
        "fulljournalname": "The Journal of investigative dermatology",
        "elocationid": "",
        "doctype": "citation",
        "sortpubdate": "2026/11/03 00:00",
    }


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        pubmed, parts = self.server.pubmed, urlsplit(self.path)
        program = parts.path.rpartition("/")[2].removesuffix(".fcgi")
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        pubmed.requests.append((program, query))
        answers = pubmed.instead.get(program)
        answer = answers.pop(0) if answers else None
        if answer is None:
            answer = pubmed.answer(program, query)
        (answer if callable(answer) else status(200, answer, Content_Type="application/json"))(self)

    def log_message(self, *args):
        """Log nothing to standard error."""


@contextmanager
def running(settings):
    """The server, with the settings pointing to it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.pubmed = PubMed()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.PUBMED_URL = f"http://127.0.0.1:{server.server_port}/eutils"
    settings.REGISTER_CONTACT, settings.REGISTER_TIMEOUT, settings.REGISTER_PAUSE = "desk@gutskin.example", 5, 0
    try:
        yield server.pubmed
    finally:
        server.pubmed.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
