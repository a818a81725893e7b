"""The rules of the house for templates and style sheets."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib import admin as django_admin
from django.contrib.staticfiles import finders

from tests.gutskin.sources import ROOT, python_files, scripts, style_sheets, templates

PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)"
    r"|left|right|float\s*:\s*(?:left|right)|text-align\s*:\s*(?:left|right))(?:-[\w-]+)?\s*[:;]"
)
# Names, signs and abbreviations that are the same in every language.
SAME_EVERYWHERE = {
    "GutSkin",
    "DOI",
    "PMID",
    "PMCID",
    "GRADE",
    "ICD-10-CM",
    "SNOMED",
    "CT",
    "doi",
    "PubMed",
    "Central",
    "RIS",
    "BibTeX",
    "CSL-JSON",
}
READ_BY_PEOPLE = {"alt", "title", "placeholder", "aria-label", "aria-description", "content"}


def markup(text):
    """A template with everything taken out that Django fills in or translates."""
    text = re.sub(r"{% comment.*?%}.*?{% endcomment %}", "", text, flags=re.S)
    text = re.sub(r"{#.*?#}", "", text)
    text = re.sub(r"{% block (?:bodyclass|og_type) %}.*?{% endblock.*?%}", "", text, flags=re.S)
    text = re.sub(r"{% blocktranslate\b.*?{% endblocktranslate %}", "", text, flags=re.S)
    return re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.S)


def html_templates():
    return {str(path): text for path, text in templates().items() if path.suffix == ".html"}


class BareWords(HTMLParser):
    """Words on the page that no translator would ever see."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_data(self, data):
        words = {word for word in re.findall(r"[^\W\d_][\w-]+", data)} - SAME_EVERYWHERE
        self.found.extend(sorted(words))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        for name in READ_BY_PEOPLE & attributes.keys():
            if name != "content" or attributes.get("name") == "description":
                self.handle_data(attributes[name] or "")


def test_every_visible_word_can_be_translated():
    found = {path: BareWords(markup(text)).found for path, text in html_templates().items()}
    assert {path: words for path, words in found.items() if words} == {}


def test_mails_can_be_translated():
    found = {
        str(path): re.findall(r"[^\W\d_][\w-]+", markup(text))
        for path, text in templates().items()
        if path.suffix == ".txt"
    }
    assert {path: words for path, words in found.items() if set(words) - SAME_EVERYWHERE} == {}


def test_translated_blocks_are_trimmed():
    """Untrimmed, the line breaks of the template become part of what is translated."""
    opened = re.compile(r"{% blocktranslate\b(?![^%]*\btrimmed\b)[^%]*%}(.*?){% endblocktranslate %}", re.S)
    found = {path: [text for text in opened.findall(html) if "\n" in text] for path, html in html_templates().items()}
    assert {path: texts for path, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "pattern", [r"<style", r"\sstyle\s*=", r"\son[a-z]+\s*=", r"<script(?![^>]*\bsrc=)", r"javascript:"]
)
def test_nothing_is_inline(pattern):
    """The Content-Security-Policy forbids it. Data in a script element is not a script."""
    data = re.compile(r'<script[^>]*type="application/(?:ld\+)?json"')
    pages = {path: data.sub("", text) for path, text in html_templates().items() if "mail" not in Path(path).parts}
    assert [path for path, text in pages.items() if re.search(pattern, text, re.I)] == []


def test_nothing_is_fetched_from_another_host():
    fetched = re.compile(r"""(?:src|srcset|<link[^>]*href)\s*=\s*["'](?:https?:)?//""")
    assert [path for path, text in html_templates().items() if fetched.search(text)] == []
    assert [
        name for name, text in style_sheets().items() if re.search(r"url\(\s*['\"]?(?:https?:)?//|@import", text)
    ] == []
    assert [name for name, text in scripts().items() if re.search(r"""["'`](?:https?:)?//""", text)] == []


def test_every_template_is_used():
    """By a name in code or in another template. Django itself asks for admin's and the error pages."""
    django_asks_for = {
        "400.html",
        "403.html",
        "404.html",
        "500.html",
        "403_csrf.html",
        "admin/base_site.html",
        "admin/search_form.html",
        "robots.txt",
    }
    sources = [(ROOT / path).read_text() for path in python_files()] + list(map(str, templates().values()))
    text = "\n".join(sources)

    def used(path):
        if path in django_asks_for or re.fullmatch(r"admin/\w+/\w+/(change_form|change_list|actions)\.html", path):
            return True
        # Mails are found by their kind: consultations/mail/<kind>/subject.txt
        return f'"{path}"' in text or "/mail/" in path

    assert [path for path in map(str, templates()) if not used(path)] == []


def test_every_static_file_that_a_template_names_is_there():
    named = {name for text in templates().values() for name in re.findall(r"{% static ['\"]([^'\"]+)['\"]", text)}
    assert [name for name in sorted(named) if not finders.find(name)] == []


def test_every_block_of_a_template_of_ours_is_filled_by_another():
    opened = {name: set(re.findall(r"{% block (\w+) %}", text)) for name, text in html_templates().items()}
    bases = {
        name: set(re.findall(r"{% extends ['\"]([^'\"]+)", text)) & opened.keys()
        for name, text in html_templates().items()
    }
    filled = {base: set().union(*(opened[name] for name in opened if base in bases[name])) for base in opened}
    # Blocks of a template that extends another one may fill those of its base.
    unfilled = {name: opened[name] - filled[name] for name in opened if not bases[name] and filled[name]}
    assert {name: blocks for name, blocks in unfilled.items() if blocks and not name.startswith("admin/")} == {}


# Of Django's admin, of its select boxes, of the editor and of the form library: we style what they write.
WRITTEN_BY_OTHERS = re.compile(r"select2-|model-|field-|ProseMirror|col-form-label")


def test_every_class_of_a_style_sheet_is_used():
    """By name in a template, a script or in code. `chip--retracted` is made of `chip--` and a state."""
    admin = Path(django_admin.__file__).parent
    theirs = [path.read_text() for kind in ("html", "py", "js") for path in admin.rglob(f"*.{kind}")]
    ours = [(ROOT / path).read_text() for path in python_files()]
    text = "\n".join([*theirs, *ours, *templates().values(), *scripts().values()])
    words = set(re.findall(r"[\w-]+", text))
    made = {name for name in re.findall(r"([a-z_-]+--){[{%}]", text)}
    unused = {
        f"{sheet}: {name}"
        for sheet, css in style_sheets().items()
        for name in re.findall(r"\.([A-Za-z_][\w-]*)(?=[^{}]*{)", re.sub(r"/\*.*?\*/", "", css, flags=re.S))
        if name not in words and not WRITTEN_BY_OTHERS.match(name) and f"{name.rpartition('--')[0]}--" not in made
    }
    assert unused == set()


def test_style_sheets_read_the_same_from_right_to_left():
    found = {name: PHYSICAL.findall(text) for name, text in style_sheets().items()}
    lines = {
        name: [line.strip() for line in text.splitlines() if PHYSICAL.search(line)]
        for name, text in style_sheets().items()
    }
    assert {name: lines[name] for name, properties in found.items() if properties} == {}


def test_includes_are_given_exactly_what_they_need():
    bare = re.compile(r"{% include (?![^%]*\bonly\b)[^%]*%}")
    found = {path: bare.findall(text) for path, text in html_templates().items() if not path.startswith("admin/")}
    assert {path: includes for path, includes in found.items() if includes} == {}


def test_public_templates_know_nothing_of_the_visitor():
    words = re.compile(r"{% csrf_token|\b(?:user|messages|perms|request\.session)\b(?=[\s.|}%])")
    tags = re.compile(r"{[{%].*?[%}]}", re.S)
    found = {
        path: [tag for tag in tags.findall(re.sub(r"\"[^\"]*\"", "", text)) if words.search(tag)]
        for path, text in html_templates().items()
        if path.startswith("education/") or path in {"base.html", "_navigation.html"}
    }
    assert {path: tags for path, tags in found.items() if tags} == {}
