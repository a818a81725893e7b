"""Matching of clinical codes (ICD-10-CM, SNOMED CT) to articles."""

from django.db.models import Q

from education.models import Article, ClinicalCode, CodeSystem, Language

# An ICD-10-CM category, such as L40 for psoriasis.
CATEGORY_LENGTH = 3
LONGEST_CODE = ClinicalCode._meta.get_field("code").max_length


def matching_articles(system: str, code: str, language: str) -> list[Article]:
    """Published articles for a code, each in `language` if there is a translation, and otherwise in English.

    `system` is a value of CodeSystem. An ICD-10-CM code matches exactly or, failing that, with characters removed from
    its end, down to the category of three characters. For each article, the longest code that we hold decides, and it
    may exclude the article. A SNOMED CT code has to match exactly. Two queries.
    """
    codes = _wider_codes(system, code)
    rows = {}
    for row in ClinicalCode.objects.filter(system=system, code__in=_spellings(codes)):
        rows.setdefault(_normalised(row.code), []).append(row)
    decided = {}
    # From the exact code to the widest. `descendants` says whether a code also covers the codes below it.
    for step, candidate in enumerate(codes):
        for row in rows.get(candidate, []):
            if step == 0 or row.descendants or row.excluded:
                # setdefault: the longest code comes first and decides.
                decided.setdefault(row.article_id, not row.excluded)
    return _in_language([pk for pk, found in decided.items() if found], language)


def _normalised(code):
    return code.replace(".", "").replace(" ", "").upper()


def _wider_codes(system, code):
    code = _normalised(code)
    # A longer code cannot be in the table, and would only make the query long.
    if not code or len(code) > LONGEST_CODE:
        return []
    if system != CodeSystem.ICD_10_CM:
        return [code]
    return [code[:length] for length in range(len(code), CATEGORY_LENGTH - 1, -1)]


def _spellings(codes):
    """Codes with and without a dot: they are stored as clinicians write them, with the dot after the category."""
    return [
        *codes,
        *(f"{code[:CATEGORY_LENGTH]}.{code[CATEGORY_LENGTH:]}" for code in codes if len(code) > CATEGORY_LENGTH),
    ]


def _in_language(article_ids, language):
    pages = (
        Article.objects.published()
        .filter(Q(pk__in=article_ids) | Q(translation_of__in=article_ids), language__in=[language, Language.ENGLISH])
        .select_related("live__reviewer")
        .with_source_flag()
    )
    # Two rows for one article: the English page, replaced by the translation if there is one.
    chosen = {}
    for page in pages:
        original = page.pk if page.pk in article_ids else page.translation_of_id
        if original not in chosen or page.language == language:
            chosen[original] = page
    return [chosen[pk] for pk in article_ids if pk in chosen]
