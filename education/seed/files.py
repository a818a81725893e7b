"""Reads education/content into plain dicts, before anything is written to the database."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from education.markdown import to_html
from education.publication_rules import cited_keys

CONTENT_DIR = Path(__file__).resolve().parent.parent / "content"
LANGUAGE = "en"
# In a search record: how many records were read was not counted. Left out, it may have been forgotten.
NOT_COUNTED = "not counted"
KEY = re.compile(r"[a-z0-9][\w-]*")
# A safe loader, as a content file is data and must not be able to run code. That of libyaml takes a tenth of the time.
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentError(Exception):
    """A file that cannot be read. The message names the file and says what is wrong."""


@dataclass
class Content:
    articles: list[dict]
    references: list[dict]
    rejected_references: list[dict]
    glossary: list[dict]
    interventions: list[dict]
    statements: list[dict]
    codes: list[dict]
    synonyms: list[dict]

    def cited_references(self) -> list[dict]:
        """The references that a text, a statement, a number of a statement or the notice of another one names."""
        by_key = {record["key"]: record for record in self.references}
        named = {key for article in self.articles for key in cited_keys(article["body"])}
        for statement in self.statements:
            named.update(statement["references"])
            named.update(number["source"] for number in statement.get("numbers") or [] if number.get("source"))
        named &= by_key.keys()
        notices = [record.get("status_reason", "") for record in self.rejected_references]
        notices += [by_key[key].get("status_reason", "") for key in named]
        # A notice may name the paper to cite instead, whose own notice may name a third.
        while more := set(KEY.findall(" ".join(notices))) & by_key.keys() - named:
            named |= more
            notices = [by_key[key].get("status_reason", "") for key in more]
        return [record for record in self.references if record["key"] in named]

    def counts(self) -> dict[str, int]:
        """How many records of each kind there are, under the names that `write_content` gives them."""
        return {
            # Rejected references are stored like the others, with another status.
            "references": len(self.references) + len(self.rejected_references),
            "glossary terms": len(self.glossary),
            "articles": len(self.articles),
            "clinical codes": len(self.codes),
            "interventions": len(self.interventions),
            "evidence statements": len(self.statements),
            "search synonyms": len(self.synonyms),
        }


def read_content(folder: Path = CONTENT_DIR) -> Content:
    """Reads everything below education/content. Raises ContentError."""
    language_folder = folder / LANGUAGE
    # Sorted, so that messages and counts come in the same order on every machine.
    articles = [read_article(path) for path in sorted(language_folder.glob("*/*.md"))]
    make_related_mutual(articles)
    try:
        references = json.loads((folder / "references.json").read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise ContentError(f"references.json: {error}") from error
    return Content(
        articles=articles,
        references=references,
        rejected_references=read_yaml(folder / "rejected_references.yaml"),
        glossary=read_yaml(language_folder / "glossary.yaml"),
        interventions=read_interventions(language_folder / "interventions.yaml"),
        statements=[
            record for path in sorted(language_folder.glob("evidence/*.yaml")) for record in read_statements(path)
        ],
        codes=read_yaml(folder / "clinical_codes.yaml"),
        synonyms=read_synonyms(folder / "synonyms.yaml"),
    )


def read_article(path: Path) -> dict:
    """The record of one Markdown file with YAML front matter between two lines of `---`. Raises ContentError."""
    _, _, rest = path.read_text("utf-8").partition("---\n")
    front_matter, found, body = rest.partition("\n---\n")
    if not found:
        raise ContentError(f"{path.name}: front matter must be between two lines of ---")
    try:
        record = yaml.load(front_matter, YAML_LOADER)  # noqa: S506  a safe one
        return {
            "kind": record["kind"],
            "slug": record["slug"],
            "language": LANGUAGE,
            "title": record["title"],
            "summary": record["summary"],
            "key_points": "\n".join(record["key_points"]),
            "actions": "\n".join(record.get("actions") or []),
            "body": to_html(body),
            "questions": "\n".join(record["questions"]),
            "conflicts_of_interest": record["conflicts_of_interest"],
            "related": sorted(record["related"]),
            "care_cards": [
                {
                    "level": card["level"],
                    "heading": card["heading"],
                    "items": "\n".join(card["items"]),
                    "advice": card.get("advice") or "",
                }
                for card in record.get("care_cards") or []
            ],
        }
    except (KeyError, TypeError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: {type(error).__name__} {error}") from error


def read_interventions(path: Path) -> list[dict]:
    """The rows of the evidence map, in their order. Raises ContentError."""
    try:
        return [
            {
                "slug": record["slug"],
                "name": record["name"],
                "plain_name": record["plain_name"],
                # With room between them for a row that a clinician adds.
                "position": 10 * place,
                "therapy": record.get("therapy") or "",
                "search_words": "\n".join(record.get("search_words") or []),
                "is_no_treatment": bool(record.get("is_no_treatment")),
            }
            for place, record in enumerate(read_yaml(path), 1)
        ]
    except (KeyError, TypeError) as error:
        raise ContentError(f"{path.name}: {type(error).__name__} {error}") from error


def read_statements(path: Path) -> list[dict]:
    """The evidence statements of one file, with every field. Raises ContentError."""
    try:
        return [_statement(record) for record in read_yaml(path)]
    except (AttributeError, KeyError, TypeError) as error:
        raise ContentError(f"{path.name}: {type(error).__name__} {error}") from error


def _statement(record):
    recommendation, search = record.get("recommendation") or {}, record.get("search") or {}
    by = ", ".join(str(recommendation[name]) for name in ("by", "year") if recommendation.get(name))
    return {
        "slug": record["slug"],
        "condition": record["condition"],
        "intervention": record["intervention"],
        "therapy": record["therapy"] or "",
        "outcome": record["outcome"],
        "effect": record["effect"],
        "certainty": record["certainty"] or "",
        "sentence": record["sentence"],
        "why": record["why"],
        "references": sorted(record["references"] or []),
        "recommended_by": by,
        "direction": recommendation.get("direction") or "",
        "strength": recommendation.get("strength") or "",
        "certainty_beneath": recommendation.get("beneath") or "",
        "search_where": search.get("where") or "",
        "search_words": "\n".join(search.get("words") or []),
        "search_date": search.get("date"),
        "search_by": search.get("by") or "",
        "search_read": None if search.get("read") == NOT_COUNTED else search.get("read"),
        "search_says_how_many": search.get("read") is not None,
        "search_nearest": search.get("nearest") or "",
        "staff_note": record.get("staff_note") or "",
        "numbers": [_number(number) for number in record.get("numbers") or []],
    }


def _number(record):
    low, high = record.get("interval") or (None, None)
    return {
        "what": record["what"],
        "who": record.get("who") or "",
        "with_count": record.get("with"),
        "without_count": record.get("without"),
        "out_of": record.get("of"),
        "low": low,
        "high": high,
        "with_label": record.get("with_label") or "",
        "without_label": record.get("without_label") or "",
        "difference": record.get("difference") or "",
        "interval_words": record.get("interval_text") or "",
        "scale": record.get("scale") or "",
        "noticeable": record.get("noticeable") or "",
        "after": record.get("after") or "",
        "is_harm": bool(record.get("harm")),
        "source": record["source"],
        "worked_out": record.get("worked_out") or "",
    }


def read_synonyms(path: Path) -> list[dict]:
    """Groups of synonyms, each with its language. Raises ContentError."""
    by_language = read_yaml(path)
    try:
        return [
            {"language": language, "names": [str(name) for name in names]}
            for language, groups in by_language.items()
            for names in groups
        ]
    except (AttributeError, TypeError) as error:
        raise ContentError(f"{path.name}: each language must hold a list of groups, each a list of names") from error


def make_related_mutual(articles: list[dict]) -> None:
    """If one article names another as related, both get the link: the relation in the database is symmetrical."""
    by_slug = {article["slug"]: article for article in articles}
    for article in articles:
        for slug in list(article["related"]):
            other = by_slug.get(slug)
            if other is not None and article["slug"] not in other["related"]:
                other["related"].append(article["slug"])
    for article in articles:
        article["related"].sort()


def read_yaml(path: Path) -> list | dict:
    """What a YAML file says. Raises ContentError."""
    try:
        return yaml.load(path.read_text("utf-8"), YAML_LOADER)  # noqa: S506  likewise
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name}: {error}") from error
