"""Questions to PubMed for new cells of the map, made from the names of the condition and the intervention."""

import re
from datetime import timedelta

from django.db.models import F, Max

from education.models import Article, ClinicalCode, EvidenceQuestion, EvidenceStatement, Intervention, Kind
from education.models.search import SynonymGroup

# A statement that we never searched for may have missed a paper of the last year; an older one is for a full search.
FIRST_LOOK = timedelta(days=365)
# A page of several conditions is asked about by the names of each, which are those of its codes.
OF_SEVERAL = re.compile(r"other\b", re.IGNORECASE)
# “Other rosacea”, “Rosacea, unspecified”: how codes name what is left.
OF_CODES = re.compile(r"^other\s+|,\s*(?:other|unspecified)\b.*$", re.IGNORECASE)
# “HS” would find every author with these initials.
SHORTEST = 3
# “Psoriasis and your gut”: the names of a condition are in front of it.
AFTER_THE_NAME = re.compile(r"\s+and (?:your|the) .*$|\s*[:–,].*$", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
BETWEEN_NAMES = re.compile(r"\s*(?:,|;|/|\band\b|\bor\b)\s*", re.IGNORECASE)
# Signs with a meaning for PubMed.
SIGNS = re.compile(r"[\"()\[\]{}:*&|!]")
# Of the titles and publication types of PubMed, after the strategy for PubMed in the Cochrane Handbook
# (handbook-5-1.cochrane.org, 6.4.11.1): words as well, because a new record may not have been indexed yet.
TRIALS = (
    "randomized controlled trial[pt] OR controlled clinical trial[pt] OR randomized[tiab] OR randomised[tiab] "
    "OR placebo[tiab] OR randomly[tiab] OR trial[ti]"
)
REVIEWS = "systematic review[pt] OR meta-analysis[pt] OR systematic review[ti] OR meta-analysis[ti]"
ONLY_IN_ANIMALS = "animals[mh] NOT humans[mh]"


def full_query(question: EvidenceQuestion) -> str:
    """What PubMed is asked: the words of the question, and that it must be a trial or a review in people."""
    return f"({question.query}) AND ({TRIALS} OR {REVIEWS}) NOT ({ONLY_IN_ANIMALS})"


def create_missing_questions(now) -> int:
    """A question for each published condition and each row of the map that has none. Returns how many were missing."""
    conditions = Article.objects.published().of_kind(Kind.CONDITION).filter(translation_of__isnull=True).with_live()
    interventions = list(Intervention.objects.all())
    known = set(EvidenceQuestion.objects.values_list("condition", "intervention"))
    missing = [
        (condition, intervention)
        for condition in conditions.only("slug", "title", "live__title")
        for intervention in interventions
        if (condition.pk, intervention.slug) not in known
    ]
    if not missing:
        return 0
    groups, codes = _synonyms(), _names_of_codes({condition.pk for condition, _row in missing})
    searched = _days_of_searches()
    # Another process may add the same at this moment.
    EvidenceQuestion.objects.bulk_create(
        [
            EvidenceQuestion(
                condition=condition,
                intervention=intervention,
                query=(query := default_query(condition, intervention, codes.get(condition.pk, []), groups)),
                made_query=query,
                is_asked=not intervention.is_no_treatment,
                since=searched.get((condition.pk, intervention.slug)) or (now - FIRST_LOOK).date(),
                due_at=now,
            )
            for condition, intervention in missing
        ],
        ignore_conflicts=True,
    )
    return len(missing)


def update_unedited_questions(now) -> int:
    """Makes those that no one has edited again, after the names of their cell changed. Returns how many changed."""
    unedited = EvidenceQuestion.objects.filter(query=F("made_query"), condition__live__isnull=False)
    unedited.filter(intervention__is_no_treatment=True, is_asked=True).update(is_asked=False)
    cells = list(unedited.order_by().values_list("pk", "condition", "intervention", "query"))
    ids = {condition for _pk, condition, _row, _query in cells}
    groups, codes = _synonyms(), _names_of_codes(ids)
    conditions = Article.objects.filter(evidence_questions__isnull=False).distinct().with_live()
    names = {
        condition.pk: _names_of_condition(condition, codes.get(condition.pk, []), groups)
        for condition in conditions.only("slug", "title", "live__title")
        if condition.pk in ids
    }
    rows = {row.slug: _names_of_row(row, groups) for row in Intervention.objects.all()}
    # PubMed has not answered the new question yet, so the day of the old one may not be shown.
    fresh = {"state": EvidenceQuestion.State.NEVER, "last_looked_at": None, "last_count": None, "tried_at": None}
    fresh |= {"failure": "", "failures": 0, "due_at": now}
    changed = 0
    for pk, condition, row, query in cells:
        if condition in names and row in rows and (made := _both(names[condition], rows[row])) != query:
            # Unless somebody edited it at this moment.
            same = EvidenceQuestion.objects.filter(pk=pk, query=query)
            changed += same.update(query=made, made_query=made, **fresh)
    return changed


def default_query(condition, intervention, codes=(), groups=()) -> str:
    """Names of the condition AND names of the intervention. Without a field, PubMed finds its own terms for each."""
    return _both(_names_of_condition(condition, codes, groups), _names_of_row(intervention, groups))


def _both(condition, row):
    return f"({condition}) AND ({row})"


def _names_of_condition(condition, codes, groups):
    title, slug = AFTER_THE_NAME.sub("", condition.shown_title), condition.slug.replace("-", " ")
    own = [IN_BRACKETS.sub(" ", title), *IN_BRACKETS.findall(title), slug]
    if slug.endswith(f" {title.casefold()}"):
        # “Bowel disease” is short for inflammatory bowel disease, and finds far more.
        own = [slug]
    if codes and OF_SEVERAL.match(title):
        own = []
    return _any_of([*own, *(OF_CODES.sub("", name) for name in codes)], groups)


def _names_of_row(intervention, groups):
    # Clinicians chose these words for PubMed: nothing is added.
    if words := _lines(intervention.search_words):
        return _any_of(words)
    return _any_of([intervention.name, *BETWEEN_NAMES.split(intervention.name)], groups)


def _any_of(names, groups=()):
    """The names and their synonyms, each once, joined by OR."""
    found = {}
    for name in names:
        if name := _plain(name):
            found.setdefault(name.casefold(), name)
    own = set(found)
    for group in groups:
        if not own.isdisjoint(name.casefold() for name in group):
            for name in map(_plain, group):
                if len(name) >= SHORTEST:
                    found.setdefault(name.casefold(), name)
    return " OR ".join(found.values())


def _plain(name):
    return " ".join(SIGNS.sub(" ", name).split())


def _lines(names):
    return [line.strip() for line in names.splitlines() if line.strip()]


def _synonyms():
    # Always in the same order: other words would count as a new question.
    return [_lines(names) for names in SynonymGroup.objects.order_by("names").values_list("names", flat=True)]


def _names_of_codes(conditions):
    codes = ClinicalCode.objects.filter(article__in=conditions, excluded=False).order_by("code", "system", "display")
    names = {}
    for article, name in codes.values_list("article", "display"):
        names.setdefault(article, []).append(name)
    return names


def _days_of_searches():
    """By cell, the day on which somebody last searched for it and wrote that down."""
    searched = EvidenceStatement.objects.published().filter(search_date__isnull=False).order_by()
    rows = searched.values_list("condition", "intervention").annotate(day=Max("search_date"))
    return {(condition, intervention): day for condition, intervention, day in rows}
