"""Import of BibTeX as Zotero, Mendeley, EndNote and publishers write it, read with bibtexparser 2."""

import re
import unicodedata

import bibtexparser
from bibtexparser import Library
from bibtexparser.middlewares import LatexDecodingMiddleware, NormalizeFieldKeys, SeparateCoAuthors, SplitNameParts
from bibtexparser.middlewares.middleware import BlockMiddleware
from bibtexparser.middlewares.parsestack import default_parse_stack
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, Field
from django.utils.translation import gettext as _

from education.models import ReferenceType
from education.references import latex
from education.references.addresses import public_address
from education.references.exceptions import Unreadable
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid
from education.references.names import ET_AL, ORGANISATION, vancouver_name
from education.references.record import MOST_AUTHORS, Record, day_of, kind_of, pages, plain, year_of_text
from education.xml_text import with_raised_digits

TYPES = {
    "article": ReferenceType.ARTICLE,
    **dict.fromkeys(["book", "proceedings", "booklet", "phdthesis", "mastersthesis", "thesis"], ReferenceType.BOOK),
    **dict.fromkeys(["incollection", "inbook", "inproceedings", "conference"], ReferenceType.CHAPTER),
    **dict.fromkeys(["techreport", "report", "manual"], ReferenceType.GUIDELINE),
    **dict.fromkeys(["online", "www", "electronic"], ReferenceType.WEB_PAGE),
    **dict.fromkeys(["unpublished", "preprint"], ReferenceType.PREPRINT),
}
CONTAINERS = ["journaltitle", "journal", "booktitle", "howpublished"]
PUBLISHERS = ["publisher", "institution", "organization", "school"]
# All other fields are dropped before LaTeX is decoded, which is slow; abstracts alone would take most of that time.
FIELDS_READ = {
    *CONTAINERS, *PUBLISHERS, "author", "editor", "title", "doi", "url", "urldate", "eprint", "eprinttype", "edition",
    "date", "year", "location", "address", "number", "issue", "volume", "pages", "eid", "article-number", "art_number",
    "pmid", "pmcid", "pmc", "archiveprefix",
}  # fmt: skip
# Longer than a list of a hundred authors; every other field that is read is at most a tenth of that.
LONGEST_VALUE = 20_000
# How Crossref and Zotero write the < and > of markup in a title; the LaTeX decoder does not know it.
ANGLE = re.compile(r"\{\\text(less|greater)\}|\\text(less|greater)(?:\{\}|\s?)")
# Those of the package textgreek; the decoder knows Greek letters in formulas only.
GREEK = re.compile(
    r"(\{)?\\text(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma|tau|"
    r"upsilon|phi|chi|psi|omega)\b(?:\{\}|(?(1)\}| ?))",
    re.IGNORECASE,
)
# The commands in an entry that are not known: no field of a file has this name.
UNKNOWN = "unknown commands"
# Their values are addresses and numbers, in which LaTeX means nothing but a backslash before a character.
VERBATIM = {"url", "doi", "eprint"}
ESCAPED = re.compile(r"\\([_%&#~$])(?:\{\})?")
# Programs write these as they are, though LaTeX begins a comment or a table with them.
UNESCAPED = re.compile(r"(?<!\\)([%&])")
BLOCK = re.compile(r"@\s*\w+\s*[{(]")
MARK = re.compile(r'[{}",=\n]')
COMMAND = re.compile(r"[\\$]")
AND = re.compile(r"\sand\s")
SEMICOLON = re.compile(r"(?<!&amp)\s*;\s*(?=\S)")
HEAD = re.compile(r"@\s*(\w+)\s*[{(]")
LINE_OF_A_FIELD = re.compile(
    r'^[ \t]*([\w-]{2,30})[ \t]*=[ \t]*(?:\{(.*)\}|"(.*)"|(\d{1,9}))[ \t]*[,}]*[ \t]*$', re.MULTILINE
)
MISSING_COMMA = re.compile(r"([}\"]|=[ \t]*\d+)([ \t]*\n[ \t]*[A-Za-z][\w-]{1,30}[ \t]*=[ \t]*[{\"\d])")
# The key of an entry that was put together from the lines of a damaged one.
MENDED = "mended-entry"
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
                if field.key.casefold() in {"author", "editor"} and not AND.search(field.value):
                    # Some programs write semicolons where BibTeX has “and”.
                    field.value = SEMICOLON.sub(" and ", field.value)
        return entry


class _DecodeLatex(LatexDecodingMiddleware):
    """Decodes all but addresses and numbers."""

    def transform_entry(self, entry, library):
        verbatim = [field for field in entry.fields if field.key in VERBATIM]
        entry.fields = [field for field in entry.fields if field.key not in VERBATIM]
        for field in entry.fields:
            if isinstance(field.value, str):
                field.value = UNESCAPED.sub(r"\\\1", field.value)
        self._decoder.unknown.clear()
        entry = super().transform_entry(entry, library)
        for field in verbatim:
            field.value = ESCAPED.sub(r"\1", str(field.value)).replace("\\textasciitilde", "~")
        unknown = Field(UNKNOWN, sorted(self._decoder.unknown))
        entry.fields = [*entry.fields, *verbatim, unknown]
        return entry

    def _transform_python_value_string(self, python_string):
        """What cannot be decoded stays as it is: one field with an error would take the entry with it."""
        text, error = super()._transform_python_value_string(python_string)
        return (python_string, "") if error else (text, "")


def read(text: str) -> list[tuple[str, Record | Unreadable]]:
    """For each entry a label to show and its Record, or an Unreadable that says why there is none."""
    # The order matters: accents must be decoded before names are split, but braces must stay until after that, because
    # they hold a name such as {World Health Organization} together.
    middleware = [
        _DropUnreadFields(),
        NormalizeFieldKeys(),
        _DecodeLatex(decoder=latex.decoder()),
        SeparateCoAuthors(),
        SplitNameParts(),
    ]
    text = with_raised_digits(GREEK.sub(_greek, ANGLE.sub(_angle, text)))
    library = bibtexparser.parse_string(text, append_middleware=middleware)
    found = []
    for block in library.blocks:
        remarks = []
        if isinstance(block, DuplicateFieldKeyBlock):
            block = _with_first_values(block, middleware, remarks)
        if isinstance(block, DuplicateBlockKeyBlock):
            # Two papers that were exported under the same key are still two papers.
            found += read(block.raw)
        elif isinstance(block, Entry) and MISSING_COMMA.search(block.raw or ""):
            found += _with_commas(block.raw)
        elif isinstance(block, Entry):
            fields = {field.key: field.value for field in block.fields}
            record = _record(block.entry_type.casefold(), fields, remarks)
            found.append((_text(fields, "title") or block.key, record))
        elif getattr(block, "error", None) is not None:
            found += _damaged(block.raw or "")
    return found


def _with_commas(raw):
    """An entry without the comma after a field: the parser would take the next field for a part of its value."""
    found = read(MISSING_COMMA.sub(r"\1,\2", raw))
    for _label, record in found:
        if isinstance(record, Record):
            record.remarks.append(_("A comma is missing between two of its fields."))
    return found


def _damaged(raw):
    """What can be read of an entry in which a comma, a brace or a quote is missing: its fields of one line each."""
    fields = {}
    for name, braced, quoted, bare in LINE_OF_A_FIELD.findall(raw):
        value = braced or quoted or bare
        if value.count("{") == value.count("}"):
            fields.setdefault(name.casefold(), value)
    head = HEAD.match(raw.lstrip())
    if not head or "title" not in fields or MENDED in raw:
        problem = _("This is not valid BibTeX: there is a brace, a quote or a comma too many or too few.")
        return [(" ".join(raw.split())[:80], Unreadable(problem))]
    lines = ",\n".join(f"{name} = {{{value}}}" for name, value in fields.items())
    found = read(f"@{head[1]}{{{MENDED},\n{lines}\n}}")
    for _label, record in found:
        if isinstance(record, Record):
            record.remarks.append(
                _("A brace, a quote or a comma is missing in it. Only fields that are on one line were read.")
            )
    return found


def _with_first_values(block, middleware, remarks):
    """The entry of a block in which a field occurs twice, as in exports of Scopus: the first value counts."""
    entry, first, kept = block.ignore_error_block, {}, []
    for field in entry.fields:
        name = field.key.casefold()
        if name not in first:
            first[name] = field.value
            kept.append(field)
        elif field.value != first[name]:
            sentence = _("The file has “%(field)s” more than once; “%(value)s” was left out.")
            remarks.append(sentence % {"field": name, "value": _bare(field.value).strip('"')[:80]})
    entry.fields = kept
    library = Library([entry])
    for layer in [*default_parse_stack(), *middleware]:
        library = layer.transform(library)
    return library.blocks[0]


def _record(kind, fields, remarks):
    remarks += [
        _("“\\%(name)s” is LaTeX that is not known here. What it holds was kept; compare it with the paper.")
        % {"name": name}
        for name in fields.get(UNKNOWN, [])
    ]
    authors = _names(fields.get("author") or fields.get("editor"), remarks)
    doi = clean_doi(_text(fields, "doi"))
    url, howpublished = _text(fields, "url"), _text(fields, "howpublished")
    if not url and howpublished.startswith(("http://", "https://")):
        url, fields = howpublished, fields | {"howpublished": ""}
    # Zotero puts the DOI into the address of some types of entry.
    if not doi and "doi.org/" in url:
        doi = clean_doi(url)
    eprint, archive = _text(fields, "eprint"), _first(fields, ["eprinttype", "archiveprefix"]).casefold()
    if archive == "arxiv" and eprint and not doi:
        doi = f"10.48550/arXiv.{eprint}"
    return Record(
        type=_type(kind, bool(url and not doi), remarks),
        authors=authors[:MOST_AUTHORS],
        et_al=len(authors) > MOST_AUTHORS,
        title=_text(fields, "title"),
        container_title=_first(fields, CONTAINERS),
        publisher=_first(fields, PUBLISHERS),
        publisher_place=_first(fields, ["location", "address"]),
        edition=_text(fields, "edition"),
        year=year_of_text(_first(fields, ["date", "year"]), remarks),
        volume=_text(fields, "volume"),
        issue=_first(fields, ["number", "issue"]),
        page=pages(_first(fields, ["pages", "eid", "article-number", "art_number"])),
        doi=doi,
        pmid=clean_pmid(_text(fields, "pmid") or (eprint if archive in {"pmid", "pubmed"} else "")),
        pmcid=clean_pmcid(_first(fields, ["pmcid", "pmc"])),
        url="" if doi else public_address([url], remarks),
        accessed=_text(fields, "urldate"),
        posted=day_of(_text(fields, "date").split("-")),
        remarks=remarks,
    )


def _type(kind, is_online, remarks):
    if kind == "misc":
        return (ReferenceType.WEB_PAGE if is_online else ReferenceType.ARTICLE).value
    return kind_of(kind, TYPES, remarks)


def _names(people, remarks):
    if not isinstance(people, list):
        return [_bare(people)] if isinstance(people, str) and _bare(people) else []
    names = []
    for person in people:
        family = _bare(" ".join([*person.von, *person.last]))
        whole = _bare(" ".join([*person.first, *person.von, *person.last]))
        if ET_AL.fullmatch(whole):
            names.append(whole)
            continue
        if person.first and not person.jr and ORGANISATION.search(whole):
            # Without braces around it, BibTeX takes it for a person.
            names.append(whole)
            remarks.append(_("“%(name)s” was taken for the name of an organisation.") % {"name": whole[:80]})
            continue
        if INITIALS_AS_SURNAME.fullmatch(family) and person.first:
            # “Zhao Y” is Vancouver style where BibTeX expects “Y. Zhao”.
            names.append(" ".join([_bare(" ".join(person.first)), family]))
            continue
        if name := vancouver_name(family, _bare(" ".join(person.first)), _bare(" ".join(person.jr))):
            names.append(name)
    return names


def _angle(match):
    return "<" if "less" in match.groups() else ">"


def _greek(match):
    case = "CAPITAL" if match[2][0].isupper() else "SMALL"
    # As Unicode spells that letter.
    name = match[2].upper().replace("LAMBDA", "LAMDA")
    return unicodedata.lookup(f"GREEK {case} LETTER {name}")


def _first(fields, names):
    return next((text for name in names if (text := _text(fields, name))), "")


def _text(fields, name):
    value = fields.get(name)
    return _bare(value) if isinstance(value, str | int) else ""


def _bare(text):
    """The text without the braces that protect capitals in BibTeX."""
    return plain(str(text).replace("{", "").replace("}", ""))
