"""HTTP as its specification has it, from the server itself."""

import re
import shutil

import pytest

from tests.gutskin.test_open_data import NOT_THERE, OPEN, OTHERS, RECORDS
from tests.production import ask, serving

pytestmark = pytest.mark.servers


def headers_of(response):
    # Expires is the time of the answer on pages that no one may keep.
    different_each_time = {"Date", "Expires", "Set-Cookie"}
    return {name: value for name, value in response.headers.items() if name not in different_each_time}


@pytest.fixture(scope="module")
def site(prepared_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("open-data")
    shutil.copytree(prepared_folder, folder, dirs_exist_ok=True)
    with serving(folder) as address:
        yield address


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_head_and_get_agree(site, coding):
    sheet = re.search(r"/static/css/site\.[0-9a-f]{12}\.css", ask(site, "/").content.decode()).group()
    different = []
    for address in [*OPEN, *OTHERS, *NOT_THERE, *RECORDS, sheet]:
        got, head = ask(site, address, Accept_Encoding=coding), ask(site, address, "HEAD", Accept_Encoding=coding)
        assert head.content == b""
        # A page that may hold a secret has a random length each time (BREACH).
        is_public = got.status < 400 and "no-store" not in got.headers.get("Cache-Control", "")
        left_out = set() if is_public else {"Content-Length"}
        for name in (headers_of(got).keys() | headers_of(head).keys()) - left_out:
            if got.headers.get(name) != head.headers.get(name):
                different.append((address, name, got.headers.get(name), head.headers.get(name)))
        assert got.status == head.status
    assert [(address, name) for address, name, _get, _head in different] == [], different


def test_what_says_when_it_changed_answers_to_that_date(site):
    sheet = re.search(r"/static/css/site\.[0-9a-f]{12}\.css", ask(site, "/").content.decode()).group()
    dated = {}
    for address in [*OPEN, *OTHERS, "/sitemap-articles.xml", sheet]:
        if since := ask(site, address).headers["Last-Modified"]:
            dated[address] = ask(site, address, If_Modified_Since=since).status
    assert dated == {sheet: 304}


def test_a_static_file_has_an_etag_for_each_encoding_and_q_0_is_obeyed(site):
    sheet = re.search(r"/static/css/site\.[0-9a-f]{12}\.css", ask(site, "/").content.decode()).group()
    wanted = {"br": "br", "gzip": "gzip", "br;q=0, gzip": "gzip", "gzip;q=0": None, "*;q=0": None, "": None}
    etags = {}
    for accepted, coding in wanted.items():
        response = ask(site, sheet, Accept_Encoding=accepted)
        assert (response.status, response.headers["Content-Encoding"]) == (200, coding), accepted
        assert response.headers["Vary"] == "Accept-Encoding"
        etags.setdefault(coding, set()).add(response.headers["ETag"])
        unchanged = ask(site, sheet, Accept_Encoding=accepted, If_None_Match=f'"x", W/{response.headers["ETag"]}')
        assert (unchanged.status, unchanged.headers["ETag"]) == (304, response.headers["ETag"])
        assert unchanged.headers["Vary"] == "Accept-Encoding"
    assert len(set.union(*etags.values())) == len(etags) == 3
    [of_gzip] = etags["gzip"]
    assert ask(site, sheet, Accept_Encoding="br", If_None_Match=of_gzip).status == 200
