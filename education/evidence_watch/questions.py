"""Questions to PubMed for new cells of the map, made from the names of the condition and the intervention."""

import re
from datetime import timedelta

from django.db.models import Max

from education.models import Article, ClinicalCode, EvidenceQuestion, EvidenceStatement, Intervention, Kind
from education.models.search import SynonymGroup

# A statement that we never searched for may have missed a paper of the last year; an older one is for a full search.
FIRST_LOOK = timedelta(days=365)
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
    groups = [_lines(names) for names in SynonymGroup.objects.values_list("names", flat=True)]
    codes = _names_of_codes({condition.pk for condition, _row in missing})
    searched = _days_of_searches()
    # Another process may add the same at this moment.
    EvidenceQuestion.objects.bulk_create(
        [
            EvidenceQuestion(
                condition=condition,
                intervention=intervention,
                query=default_query(condition, intervention, codes.get(condition.pk, []), groups),
                since=searched.get((condition.pk, intervention.slug)) or (now - FIRST_LOOK).date(),
                due_at=now,
            )
            for condition, intervention in missing
        ],
        ignore_conflicts=True,
    )
    return len(missing)


def default_query(condition, intervention, codes=(), groups=()) -> str:
    """Names of the condition AND names of the intervention. Without a field, PubMed finds its own terms for each."""
    title = AFTER_THE_NAME.sub("", condition.shown_title)
    names = [IN_BRACKETS.sub(" ", title), *IN_BRACKETS.findall(title), condition.slug.replace("-", " "), *codes]
    row = [intervention.name, *BETWEEN_NAMES.split(intervention.name)]
    return f"({_any_of(names, groups)}) AND ({_any_of(row, groups)})"


def _any_of(names, groups):
    """The names and their synonyms, each once, joined by OR."""
    found = {}
    for name in names:
        if name := _plain(name):
            found.setdefault(name.casefold(), name)
    own = set(found)
    for group in groups:
        if not own.isdisjoint(name.casefold() for name in group):
            for name in map(_plain, group):
                found.setdefault(name.casefold(), name)
    return " OR ".join(found.values())


def _plain(name):
    return " ".join(SIGNS.sub(" ", name).split())


def _lines(names):
    return [line.strip() for line in names.splitlines() if line.strip()]


def _names_of_codes(conditions):
    codes = ClinicalCode.objects.filter(article__in=conditions, excluded=False)
    names = {}
    for article, name in codes.values_list("article", "display"):
        names.setdefault(article, []).append(name)
    return names


def _days_of_searches():
    """By cell, the day on which somebody last searched for it and wrote that down."""
    searched = EvidenceStatement.objects.published().filter(search_date__isnull=False).order_by()
    rows = searched.values_list("condition", "intervention").annotate(day=Max("search_date"))
    return {(condition, intervention): day for condition, intervention, day in rows}
