"""What `load_content --check` reports about the files of education/content. Needs no database."""

import re

from education import publication_rules
from education.drawings import drawing_of
from education.models import (
    Article,
    CareCard,
    EvidenceNumber,
    EvidenceStatement,
    GlossaryTerm,
    Intervention,
    Kind,
    Reference,
)
from education.models.reference import FLAGGED
from education.readability import reading_grade, smog_index, words
from education.references import integrity
from education.rendering import plain_text
from education.search import synonyms
from education.seed.evidence_checks import NOTE, statement_problems
from education.seed.files import Content

# Without the fragment: the check knows the pages, not their headings.
INTERNAL_LINK = re.compile(r'href="(/[^"#]*)')
# Pages of the site that are not articles. A link to any other address is reported.
FIXED_PAGES = {"/", "/glossary/", "/references/", "/evidence/", "/experts/", "/about/", "/consult/", "/diary/"}
ACTIONS = range(3, 9)
# Words are counted more simply here than by textstat, whose grades 6 and 9 these are; a test asks textstat too.
READING_GRADE, SMOG = 6.5, 10.0
LISTS = {Kind.MECHANISM: "mechanisms", Kind.CONDITION: "conditions", Kind.THERAPY: "therapies"}


def problems(content: Content) -> list[str]:
    """Everything that is wrong with the content: one line each, beginning with the record that it is about."""
    references = {record["key"] for record in content.references + content.rejected_references}
    terms = {record["slug"] for record in content.glossary}
    addresses = FIXED_PAGES | {_address(article) for article in content.articles}
    found = []
    for article in content.articles:
        found += [
            f"{article['slug']}: {problem}" for problem in _article_problems(article, references, terms, addresses)
        ]
    slugs = {article["slug"] for article in content.articles}
    interventions = {intervention["slug"] for intervention in content.interventions}
    for article in content.articles:
        found += [
            f"{article['slug']}: related to {slug}, which does not exist."
            for slug in article["related"]
            if slug not in slugs
        ]
    for name, model, records in _rows(content):
        found += [f"{name}: {problem}" for record in records for problem in _too_long(model, record)]
    for statement in content.statements:
        problems_of_it = statement_problems(statement, references, slugs, interventions)
        found += [f"{statement['slug']}: {problem}" for problem in problems_of_it]
    for term in content.glossary:
        if term.get("article") and term["article"] not in slugs:
            found.append(f"glossary {term['slug']}: its article {term['article']} does not exist.")
        if publication_rules.word_problems(term["definition"]):
            found.append(f"glossary {term['slug']}: has a word that we do not use for patients.")
    for record in content.references:
        found += _reference_problems(record)
    found += _integrity_problems(content.references)
    found += [
        f"code {code['code']}: {code['condition']} does not exist."
        for code in content.codes
        if code["condition"] not in slugs
    ]
    return found + _synonym_problems(content.synonyms) + _flagged(content) + _repeated(content)


def _rows(content):
    """Names of what the files hold, the model that it is stored as, and its values."""
    for article in content.articles:
        yield article["slug"], Article, [article]
        yield article["slug"], CareCard, article["care_cards"]
    for statement in content.statements:
        yield statement["slug"], EvidenceStatement, [statement]
        yield statement["slug"], EvidenceNumber, statement["numbers"]
    yield "glossary", GlossaryTerm, content.glossary
    yield "interventions", Intervention, content.interventions
    yield "references", Reference, content.references


def _too_long(model, record):
    """SQLite stores a text of any length, PostgreSQL refuses one that is too long for its column."""
    for field in model._meta.concrete_fields:
        value, most = record.get(field.name), getattr(field, "max_length", None)
        if most and isinstance(value, str) and len(value) > most:
            yield f"its {field.name} has {len(value)} characters and may have {most}: {value[:40]}…"


def _flagged(content):
    """Citations of a source that was retracted or rejected, each with the reason."""
    rejected = [record | {"status": "rejected"} for record in content.rejected_references]
    flagged = {
        record["key"]: f"which is {record['status']}: {record['status_reason']}"
        for record in content.references + rejected
        if record.get("status") in FLAGGED
    }
    cited = [(article["slug"], publication_rules.cited_keys(article["body"])) for article in content.articles]
    cited += [(statement["slug"], statement["references"]) for statement in content.statements]
    return [f"{slug}: cites {key}, {flagged[key]}" for slug, keys in cited for key in keys if key in flagged]


def _article_problems(article, references, terms, addresses):
    found = [str(problem) for problem in publication_rules.text_problems(article, article["care_cards"])]
    found += [
        f"cites {key}, which does not exist."
        for key in publication_rules.cited_keys(article["body"])
        if key not in references
    ]
    found += [
        f"uses the glossary word {slug}, which does not exist."
        for slug in publication_rules.glossary_slugs(article["body"])
        if slug not in terms
    ]
    found += [
        f"links to {link}, which does not exist."
        for link in INTERNAL_LINK.findall(article["body"])
        if link not in addresses
    ]
    text = plain_text(article["body"])
    count = len(words(text))
    if count not in publication_rules.WORDS:
        found.append(
            f"has {count} words; it must have {min(publication_rules.WORDS)} to {max(publication_rules.WORDS)}."
        )
    whole = f"{article['key_points']}\n{article['actions']}\n{text}"
    if (grade := reading_grade(whole)) > READING_GRADE:
        found.append(f"has the reading grade {grade}; it must have {READING_GRADE} at most.")
    if (grade := smog_index(whole)) > SMOG:
        found.append(f"has the SMOG grade {grade}; it must have {SMOG} at most.")
    if len(article["actions"].splitlines()) not in ACTIONS:
        found.append("needs three to eight things that readers can do.")
    if "What you can do" in text.splitlines():
        found.append("says what readers can do in the text: it belongs into `actions`, which come first.")
    if drawing_of(article["language"], article["slug"]) is None:
        found.append("has no drawing, or one without a description.")
    found += [f"says “{note.group()}” to readers." for note in NOTE.finditer("\n".join(_shown_texts(article, text)))]
    if not article["questions"].strip():
        found.append("has no questions that readers can take to their clinician.")
    if not article["care_cards"]:
        found.append("has no care card.")
    if "[@" in article["body"] or "[[" in article["body"]:
        found.append("has a citation or glossary word with wrong syntax.")
    found += [
        f"the care card “{card['heading']}” must end in “if:”."
        for card in article["care_cards"]
        if not card["heading"].endswith("if:")
    ]
    return found


def _shown_texts(article, text):
    """All that readers see of an article. `text` is its body without tags."""
    yield text
    yield from (article[name] for name in publication_rules.TEXT_FIELDS if name != "body")
    yield from (card[name] for card in article["care_cards"] for name in ("heading", "items", "advice"))


def _reference_problems(record):
    if not (record["doi"] or record["pmid"] or record["pmcid"] or record["url"]):
        yield f"{record['key']}: has neither a DOI nor any other address."
    if publication_rules.word_problems(record["finding"]) or publication_rules.PERCENTAGE.search(record["finding"]):
        yield f"{record['key']}: its finding has a word or a percentage that we do not use for patients."


def _synonym_problems(records):
    """The same problems that a clinician would be told in admin."""
    found, first_groups = [], {}
    for record in records:
        names, language = record["names"], record["language"]
        line = ", ".join(names)
        found += [f"synonyms {line}: {problem}" for problem in synonyms.problems(names, language)]
        for phrase in synonyms.phrases_of(names, language):
            first = first_groups.setdefault((language, phrase), line)
            if first is not line:
                found.append(f"synonyms {line}: a name is already in another group, {first}.")
    return found


def _integrity_problems(references):
    """What cannot be right about a reference. Fields still to be confirmed are work to do, and stop nothing."""
    empty = dict.fromkeys(integrity.FIELDS, "") | {"year": None, "unconfirmed_fields": []}
    records = [empty | record for record in references]
    others = integrity.ReferenceIndex(record for record in records if record.get("status") != "rejected")
    for record in records:
        for problem in integrity.problems(record, others):
            if problem.blocks:
                yield f"{record['key']}: {problem.sentence}"


def _repeated(content):
    keys = [
        *(record["key"] for record in content.references + content.rejected_references),
        *(article["slug"] for article in content.articles),
        *(f"glossary {term['slug']}" for term in content.glossary),
        *(f"evidence {statement['slug']}" for statement in content.statements),
    ]
    return [f"{key}: occurs twice." for key in sorted({key for key in keys if keys.count(key) > 1})]


def _address(article):
    if article["kind"] == Kind.OVERVIEW:
        return f"/{article['slug']}/"
    return f"/{LISTS[Kind(article['kind'])]}/{article['slug']}/"
