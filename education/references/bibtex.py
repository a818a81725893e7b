"""Import of BibTeX as Zotero, Mendeley, EndNote and publishers write it, read with bibtexparser 2."""

import re

import bibtexparser
from bibtexparser import Library
from bibtexparser.middlewares import LatexDecodingMiddleware, NormalizeFieldKeys, SeparateCoAuthors, SplitNameParts
from bibtexparser.middlewares.middleware import BlockMiddleware
from bibtexparser.middlewares.parsestack import default_parse_stack
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry
from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references.exceptions import Unreadable
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid
from education.references.names import ORGANISATION, vancouver_name
from education.references.record import MOST_AUTHORS, Record, pages, plain, web_address, year_of

TYPES = {
    "book": ReferenceType.BOOK,
    "proceedings": ReferenceType.BOOK,
    "incollection": ReferenceType.CHAPTER,
    "inbook": ReferenceType.CHAPTER,
    "techreport": ReferenceType.GUIDELINE,
    "report": ReferenceType.GUIDELINE,
    "online": ReferenceType.WEB_PAGE,
    "www": ReferenceType.WEB_PAGE,
    "electronic": ReferenceType.WEB_PAGE,
}
CONTAINERS = ["journaltitle", "journal", "booktitle", "howpublished"]
PUBLISHERS = ["publisher", "institution", "organization", "school"]
# All other fields are dropped before LaTeX is decoded, which is slow; abstracts alone would take most of that time.
FIELDS_READ = {
    *CONTAINERS, *PUBLISHERS, "author", "editor", "title", "doi", "url", "urldate", "eprint", "eprinttype", "edition",
    "date", "year", "location", "address", "number", "issue", "volume", "pages", "eid", "article-number", "art_number",
    "pmid", "pmcid", "pmc",
}  # fmt: skip
# Longer than a list of a hundred authors; every other field that is read is at most a tenth of that.
LONGEST_VALUE = 20_000
# How Crossref and Zotero write the < and > of markup in a title; the LaTeX decoder does not know it.
ANGLE = re.compile(r"\{\\text(less|greater)\}|\\text(less|greater)(?:\{\}|\s?)")
SCRIPT = re.compile(
    r"\$\s*([_^])\s*\{?\s*(?:\\(?:textrm|mathrm|text|rm)\s*)?\{?([^{}$\\]{1,20})\}{0,2}\s*\$"
    r"|\\text(sub|super)script\s*\{([^{}\\]{1,20})\}"
)
# Their values are addresses and numbers, in which LaTeX means nothing but a backslash before a character.
VERBATIM = {"url", "doi", "eprint"}
ESCAPED = re.compile(r"\\([_%&#~$])(?:\{\})?")
# Programs write these as they are, though LaTeX begins a comment or a table with them.
UNESCAPED = re.compile(r"(?<!\\)([%&])")
BLOCK = re.compile(r"@\s*\w+\s*[{(]")
MARK = re.compile(r'[{}",=\n]')
COMMAND = re.compile(r"[\\$]")
AND = re.compile(r"\sand\s")
# Several times what an export of 500 papers has. The parser needs up to a millisecond for each of these.
MOST_BLOCKS, MOST_MARKS, MOST_COMMANDS, MOST_ANDS = 1_000, 150_000, 30_000, 25_000
INITIALS_AS_SURNAME = re.compile(r"[A-Z]{1,3}")


def is_too_large(text: str) -> bool:
    """Whether parsing would keep the server busy for a minute or more: a small file can do that."""
    limits = ((BLOCK, MOST_BLOCKS), (MARK, MOST_MARKS), (COMMAND, MOST_COMMANDS), (AND, MOST_ANDS))
    return any(len(pattern.findall(text)) > most for pattern, most in limits)


class _DropUnreadFields(BlockMiddleware):
    """Drop the fields that are not read, and truncate very long values."""

    def transform_entry(self, entry, library):
        entry.fields = [field for field in entry.fields if field.key.casefold() in FIELDS_READ]
        for field in entry.fields:
            if isinstance(field.value, str):
                field.value = field.value[:LONGEST_VALUE]
        return entry


class _DecodeLatex(LatexDecodingMiddleware):
    """Decodes all but addresses and numbers."""

    def transform_entry(self, entry, library):
        verbatim = [field for field in entry.fields if field.key in VERBATIM]
        entry.fields = [field for field in entry.fields if field.key not in VERBATIM]
        for field in entry.fields:
            if isinstance(field.value, str):
                field.value = UNESCAPED.sub(r"\\\1", field.value)
        entry = super().transform_entry(entry, library)
        for field in verbatim:
            field.value = ESCAPED.sub(r"\1", str(field.value)).replace("\\textasciitilde", "~")
        entry.fields = [*entry.fields, *verbatim]
        return entry


def read(text: str) -> list[tuple[str, Record | Unreadable]]:
    """For each entry a label to show and its Record, or an Unreadable that says why there is none."""
    # The order matters: accents must be decoded before names are split, but braces must stay until after that, because
    # they hold a name such as {World Health Organization} together.
    middleware = [
        _DropUnreadFields(),
        NormalizeFieldKeys(),
        _DecodeLatex(keep_braced_groups=True, keep_math_mode=False),
        SeparateCoAuthors(),
        SplitNameParts(),
    ]
    text = SCRIPT.sub(_script, ANGLE.sub(_angle, text))
    library = bibtexparser.parse_string(text, append_middleware=middleware)
    found = []
    for block in library.blocks:
        if isinstance(block, DuplicateFieldKeyBlock):
            block = _with_first_values(block, middleware)
        if isinstance(block, DuplicateBlockKeyBlock):
            # Two papers that were exported under the same key are still two papers.
            found += read(block.raw)
        elif isinstance(block, Entry):
            fields = {field.key: field.value for field in block.fields}
            found.append((_text(fields, "title") or block.key, _record(block.entry_type.casefold(), fields)))
        elif getattr(block, "error", None) is not None:
            beginning = " ".join((block.raw or "").split())[:80]
            problem = _("This is not valid BibTeX: there is a brace, a quote or a comma too many or too few.")
            found.append((beginning, Unreadable(problem)))
    return found


def _with_first_values(block, middleware):
    """The entry of a block in which a field occurs twice, as in exports of Scopus: the first value counts."""
    entry, names = block.ignore_error_block, set()
    entry.fields = [field for field in entry.fields if not (field.key in names or names.add(field.key))]
    library = Library([entry])
    for layer in [*default_parse_stack(), *middleware]:
        library = layer.transform(library)
    return library.blocks[0]


def _record(kind, fields):
    authors = _names(fields.get("author") or fields.get("editor"))
    doi = clean_doi(_text(fields, "doi"))
    url = _text(fields, "url")
    # Zotero puts the DOI into the address of some types of entry.
    if not doi and "doi.org/" in url:
        doi = clean_doi(url)
    default = ReferenceType.WEB_PAGE if kind == "misc" and url and not doi else ReferenceType.ARTICLE
    eprint = _text(fields, "eprint") if _text(fields, "eprinttype").casefold() == "pmid" else ""
    truncated = bool(authors) and authors[-1].casefold() == "others"
    authors = authors[:-1] if truncated else authors
    return Record(
        type=TYPES.get(kind, default).value,
        authors=authors[:MOST_AUTHORS],
        et_al=truncated or len(authors) > MOST_AUTHORS,
        title=_text(fields, "title"),
        container_title=_first(fields, CONTAINERS),
        publisher=_first(fields, PUBLISHERS),
        publisher_place=_first(fields, ["location", "address"]),
        edition=_text(fields, "edition"),
        year=year_of(_first(fields, ["date", "year"])),
        volume=_text(fields, "volume"),
        issue=_first(fields, ["number", "issue"]),
        page=pages(_first(fields, ["pages", "eid", "article-number", "art_number"])),
        doi=doi,
        pmid=clean_pmid(_text(fields, "pmid") or eprint),
        pmcid=clean_pmcid(_first(fields, ["pmcid", "pmc"])),
        url="" if doi else web_address(url),
        accessed=_text(fields, "urldate"),
    )


def _names(people):
    if not isinstance(people, list):
        return [_bare(people)] if isinstance(people, str) and _bare(people) else []
    names = []
    for person in people:
        family = _bare(" ".join([*person.von, *person.last]))
        whole = _bare(" ".join([*person.first, *person.von, *person.last]))
        if person.first and not person.jr and ORGANISATION.search(whole):
            # Without braces around it, BibTeX takes it for a person.
            names.append(whole)
            continue
        if INITIALS_AS_SURNAME.fullmatch(family) and person.first:
            # “Zhao Y” is Vancouver style where BibTeX expects “Y. Zhao”.
            names.append(" ".join([_bare(" ".join(person.first)), family]))
            continue
        if name := vancouver_name(family, _bare(" ".join(person.first)), _bare(" ".join(person.jr))):
            names.append(name)
    return names


def _script(match):
    kind = "sup" if "^" in match.groups() or "super" in match.groups() else "sub"
    return f"<{kind}>{(match[2] or match[4]).strip()}</{kind}>"


def _angle(match):
    return "<" if "less" in match.groups() else ">"


def _first(fields, names):
    return next((text for name in names if (text := _text(fields, name))), "")


def _text(fields, name):
    value = fields.get(name)
    return _bare(value) if isinstance(value, str | int) else ""


def _bare(text):
    """The text without the braces that protect capitals in BibTeX."""
    return plain(str(text).replace("{", "").replace("}", ""))
