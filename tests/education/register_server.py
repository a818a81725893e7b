"""A local HTTP server in place of Crossref and PubMed, which can also fail in every way.

The formats are those of api.crossref.org/works/<doi> (message-type work) and of efetch.fcgi?db=pubmed&retmode=xml.
"""

import json
import threading
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

DOI = "10.3892/ijmm.2025.5651"
DOCTYPE = (
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'
)


def crossref_work(doi, **message):
    """The body of a work as Crossref sends it; `message` overrides the values of an ordinary article."""
    work = {
        "indexed": {"date-parts": [[2025, 11, 3]], "date-time": "2025-11-03T09:12:44Z", "version": "3.33.0"},
        "publisher": "Spandidos Publications",
        "issue": "6",
        "content-domain": {"domain": [], "crossmark-restriction": False},
        "short-container-title": ["Int J Mol Med"],
        "published-print": {"date-parts": [[2025, 12]]},
        "DOI": doi,
        "type": "journal-article",
        "created": {"date-parts": [[2025, 9, 26]]},
        "page": "1-20",
        "source": "Crossref",
        "is-referenced-by-count": 0,
        "title": ["The gut-skin axis: Emerging insights (Review)"],
        "prefix": doi.split("/")[0],
        "volume": "56",
        "author": [
            {"given": "Yu", "family": "Zhao", "sequence": "first", "affiliation": [{"name": "A hospital"}]},
            {"given": "Chen", "family": "Yu", "sequence": "additional", "affiliation": []},
        ],
        "container-title": ["International Journal of Molecular Medicine"],
        "issued": {"date-parts": [[2025, 9, 26]]},
        "journal-issue": {"issue": "6", "published-print": {"date-parts": [[2025, 12]]}},
        "URL": f"https://doi.org/{doi}",
        "ISSN": ["1107-3756", "1791-244X"],
        "published": {"date-parts": [[2025, 9, 26]]},
    }
    answer = {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": work | message}
    return json.dumps(answer).encode()


def pubmed_set(*articles, doctype=DOCTYPE):
    return f'<?xml version="1.0" ?>\n{doctype}\n<PubmedArticleSet>{"".join(articles)}</PubmedArticleSet>'.encode()


def pubmed_article(
    pmid, *, doi="", title="The gut-skin axis: Emerging insights.", types=("Journal Article",), notices=()
):
    """One PubmedArticle. `notices` are pairs of RefType and RefSource."""
    publication_types = "".join(f'<PublicationType UI="D016428">{escape(name)}</PublicationType>' for name in types)
    corrections = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>{escape(source)}</RefSource>'
        f'<PMID Version="1">20137807</PMID></CommentsCorrections>'
        for kind, source in notices
    )
    return f"""
<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Automated">
<PMID Version="1">{pmid}</PMID>
<DateRevised><Year>2025</Year><Month>11</Month><Day>02</Day></DateRevised>
<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">1791-244X</ISSN>
<JournalIssue CitedMedium="Internet"><Volume>56</Volume><Issue>6</Issue>
<PubDate><Year>2025</Year><Month>Dec</Month></PubDate></JournalIssue>
<Title>International journal of molecular medicine</Title><ISOAbbreviation>Int J Mol Med</ISOAbbreviation></Journal>
<ArticleTitle>{title}</ArticleTitle>
<Pagination><StartPage>1</StartPage><EndPage>20</EndPage><MedlinePgn>1-20</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">{escape(doi)}</ELocationID>
<AuthorList CompleteYN="Y">
<Author ValidYN="Y"><LastName>Zhao</LastName><ForeName>Yu</ForeName><Initials>Y</Initials></Author>
<Author ValidYN="Y"><LastName>Yu</LastName><ForeName>Chen</ForeName><Initials>C</Initials></Author>
<Author ValidYN="Y"><CollectiveName>Gut and Skin Study Group</CollectiveName></Author></AuthorList>
<Language>eng</Language><PublicationTypeList>{publication_types}</PublicationTypeList>
<ArticleDate DateType="Electronic"><Year>2025</Year><Month>09</Month><Day>26</Day></ArticleDate></Article>
<CommentsCorrectionsList>{corrections}</CommentsCorrectionsList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>
<ArticleId IdType="doi">{escape(doi)}</ArticleId><ArticleId IdType="pmc">PMC12494302</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1/of-another-paper</ArticleId>
<ArticleId IdType="pubmed">1</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""


class Registers:
    """What the server answers, by DOI or PMID: a body or a function that writes it. Others get 404."""

    def __init__(self):
        self.works, self.articles, self.requests = {}, {}, []
        self.released = threading.Event()

    def slowly(self, handler):
        """Does not answer until the test is over."""
        self.released.wait(20)


def status(code, body=b"", **headers):
    """A response with this status. A list of responses is sent one after the other, and the last one repeatedly."""

    def answer(handler):
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def cut_off(handler):
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"status":"ok","message-type":"work","message":{"DOI":')
    handler.close_connection = True


def endless(handler):
    """Sends until the client disconnects."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * 65536)
    except OSError:
        handler.close_connection = True


def dripping(handler):
    """Sends a byte at a time, each within the time limit of a read."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.server.registers.released.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()
    except OSError:
        handler.close_connection = True


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        registers, parts = self.server.registers, urlsplit(self.path)
        registers.requests.append((self.path, dict(self.headers)))
        if parts.path == "/eutils/efetch.fcgi":
            pmid = parse_qs(parts.query)["id"][0]
            answer = registers.articles.get(pmid, pubmed_set())
        else:
            doi = unquote(parts.path.removeprefix("/works/"))
            answer = registers.works.get(doi.casefold(), status(404, b"Resource not found.", Content_Type="text/plain"))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        (answer if callable(answer) else status(200, answer))(self)

    def log_message(self, *args):
        """Log nothing to standard error."""


@contextmanager
def running(settings):
    """The server, with the settings pointing to it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.registers = Registers()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    settings.CROSSREF_URL, settings.PUBMED_URL = address, f"{address}/eutils"
    settings.REGISTER_CONTACT, settings.REGISTER_TIMEOUT, settings.REGISTER_PAUSE = "desk@gutskin.example", 5, 0
    try:
        yield server.registers
    finally:
        server.registers.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
