"""What a web process does not have in memory: each of its workers would."""

import json

import pytest

from tests.production import environment, run

pytestmark = pytest.mark.servers

# It answers these pages in its only thread, and says what it has imported.
PROGRAM = """
import io, json, sys
from gutskin.wsgi import application

statuses = []
for page in json.loads(sys.argv[1]):
    path, _, query = page.partition("?")
    asked = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "RAW_URI": page, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "gutskin.example", "wsgi.url_scheme": "http",
        "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "10.0.0.1", "wsgi.input": io.BytesIO(),
    }
    list(application(asked, lambda status, headers, error=None: statuses.append(status)))
print(json.dumps([statuses, sorted(sys.modules)]))
"""
# Each of these takes half a megabyte to six megabytes of every worker.
RARE = {"PIL", "bibtexparser", "httpx", "redis", "segno", "snowballstemmer", "weasyprint"}


def imported(folder, *pages):
    finished = run("-c", PROGRAM, json.dumps(pages), env=environment(folder))
    assert finished.returncode == 0, finished.stderr
    statuses, modules = json.loads(finished.stdout.splitlines()[-1])
    assert statuses == ["200 OK"] * len(pages)
    return set(modules)


def test_a_web_process_starts_without_what_few_of_them_ever_need(prepared_folder):
    modules = imported(prepared_folder)
    assert RARE & modules == set()
    assert {name for name in modules if name.endswith("_stemmer")} == set()


def test_a_web_process_that_showed_pages_has_stemmers_for_their_language_only(prepared_folder):
    modules = imported(prepared_folder, "/", "/conditions/acne/", "/search/?q=itching", "/search/?q=xqzwv", "/consult/")
    assert RARE & modules == set()
    assert {name for name in modules if name.endswith("_stemmer")} == {"education.search.snowball.english_stemmer"}


def test_compiled_templates_keep_nothing_that_only_the_debug_page_shows(prepared_folder):
    program = (
        "import gutskin.wsgi; from django.template.base import Node; from django.template.loader import get_template; "
        "template = get_template('education/article_detail.html').template; "
        "nodes = template.nodelist.get_nodes_by_type(Node); "
        "print(len(nodes) > 20, template.source, {node.token for node in nodes})"
    )
    finished = run("-c", program, env=environment(prepared_folder))
    assert (finished.stdout.strip(), finished.returncode) == ("True  {None}", 0), finished.stderr
