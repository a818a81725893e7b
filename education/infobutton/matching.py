"""Matching of a knowledge request to articles: by clinical code (ICD-10-CM, SNOMED CT), or else by name."""

import re

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.text import slugify

from education.infobutton.knowledge_request import Coding, KnowledgeRequest
from education.models import Article, ClinicalCode, CodeSystem, Language, SynonymGroup

# An ICD-10-CM category, such as L40 for psoriasis.
CATEGORY_LENGTH = 3
LONGEST_CODE = ClinicalCode._meta.get_field("code").max_length
LONGEST_NAME = ClinicalCode._meta.get_field("display").max_length
# “AD” is atopic dermatitis and Alzheimer's disease.
SHORTEST_NAME = 4
# What SNOMED CT, ICD-9-CM and ICD-10-CM add to a name without changing what it means.
QUALIFIER = re.compile(r"\s*\((disorder|finding)\)$|,?\s+(unspecified|nos)$")


def matching_articles(request: KnowledgeRequest) -> list[Article]:
    """Published articles for a request, each in its language if there is a translation, and otherwise in English.

    Codes decide alone if there is one of a code system that we hold. Without one, the name is looked up.
    """
    codings = request.usable_codings
    ids = _with_code(codings) if codings else _with_name(request.name)
    return _in_language(ids, request.language)


def _with_code(codings):
    """Ids of the articles for any of the codes, in their order, without those that any of the codes excludes.

    An ICD-10-CM code matches exactly or, failing that, with characters removed from its end, down to the category of
    three characters. For each article, the longest code that we hold decides, and it may exclude the article. A
    SNOMED CT code has to match exactly. One query.
    """
    wider = {coding: _wider_codes(coding) for coding in codings}
    wanted = Q(pk__in=[])
    for coding, codes in wider.items():
        wanted |= Q(system=coding.system, code__in=_spellings(codes))
    rows = {}
    for row in ClinicalCode.objects.filter(wanted):
        rows.setdefault((row.system, _normalised(row.code)), []).append(row)
    decided = {}
    for coding, codes in wider.items():
        for article, found in _decisions(coding, codes, rows).items():
            decided[article] = decided.get(article, True) and found
    return [article for article, found in decided.items() if found]


def _decisions(coding, codes, rows):
    """Whether the code finds an article, or excludes it, by the id of the article."""
    decided = {}
    # From the exact code to the widest. `descendants` says whether a code also covers the codes below it.
    for step, candidate in enumerate(codes):
        for row in rows.get((coding.system, candidate), []):
            if step == 0 or row.descendants or row.excluded:
                # setdefault: the longest code comes first and decides.
                decided.setdefault(row.article_id, not row.excluded)
    return decided


def _normalised(code):
    return code.replace(".", "").replace(" ", "").upper()


def _wider_codes(coding: Coding):
    code = _normalised(coding.code)
    # A longer code cannot be in the table, and would only make the query long.
    if not code or len(code) > LONGEST_CODE:
        return []
    if coding.system != CodeSystem.ICD_10_CM:
        return [code]
    return [code[:length] for length in range(len(code), CATEGORY_LENGTH - 1, -1)]


def _spellings(codes):
    """Codes with and without a dot: they are stored as clinicians write them, with the dot after the category."""
    return [
        *codes,
        *(f"{code[:CATEGORY_LENGTH]}.{code[CATEGORY_LENGTH:]}" for code in codes if len(code) > CATEGORY_LENGTH),
    ]


def _with_name(name):
    """Ids of the articles that have exactly this name, or a synonym of it: in their address or as that of a code.

    Nothing looser: the words of “acne rosacea-like eruption” are all on the page on rosacea. Three queries.
    """
    names = _names(name)
    if not names:
        return []
    codes = ClinicalCode.objects.alias(lower=Lower("display")).filter(lower__in=names)
    named = dict.fromkeys(codes.values_list("article_id", "excluded"))
    excluded = {article for article, is_excluded in named if is_excluded}
    slugs = {slug for name in names if (slug := slugify(name))}
    pages = Article.objects.published().filter(slug__in=slugs).values_list("pk", "translation_of").order_by("pk")
    ids = [article for article, _is_excluded in named] + [original or page for page, original in pages]
    return [article for article in dict.fromkeys(ids) if article not in excluded]


def _names(name):
    """The name and its synonyms in any language, in lower case, with and without its qualifier."""
    full = " ".join(name.lower().split())
    if len(full) > LONGEST_NAME:
        return set()
    own = {form for form in (full, QUALIFIER.sub("", full)) if len(form) >= SHORTEST_NAME}
    groups = SynonymGroup.objects.values_list("names", flat=True)
    synonyms = [{line.strip().lower() for line in lines.splitlines()} for lines in groups]
    return own.union(*(group for group in synonyms if not own.isdisjoint(group)))


def _in_language(article_ids, language):
    pages = Article.objects.order_by().values("pk")
    ids = pages.filter(pk__in=article_ids).union(pages.filter(translation_of__in=article_ids))
    # The languages are looked at below: by an index of them, a database would read every page of those languages.
    pages = Article.objects.published().filter(pk__in=ids).order_by().select_related("live__reviewer")
    # Two rows for one article: the English page, replaced by the translation if there is one.
    chosen = {}
    for page in pages.with_source_flag():
        original = page.pk if page.pk in article_ids else page.translation_of_id
        if page.language == language or (page.language == Language.ENGLISH and original not in chosen):
            chosen[original] = page
    return [chosen[pk] for pk in article_ids if pk in chosen]
