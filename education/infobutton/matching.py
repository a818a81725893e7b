"""Which articles answer to a clinical code."""

from django.db.models import Q

from education.models import Article, ClinicalCode, CodeSystem, Language

CATEGORY_LENGTH = 3
LONGEST_CODE = ClinicalCode._meta.get_field("code").max_length


def matching_articles(system: str, code: str, language: str) -> list[Article]:
    """Published articles for the code, each in `language` where it is translated and in English where it is not.

    ICD-10-CM: the exact code, else the code shortened from its end, down to its category of three characters. The first
    code that we hold decides, and an excluded one decides against the article. SNOMED CT: the exact code.
    """
    wanted = _widening(system, code)
    rows = {}
    for row in ClinicalCode.objects.filter(system=system, code__in=_spellings(wanted)):
        rows.setdefault(_plain(row.code), []).append(row)
    decided = {}
    for step, candidate in enumerate(wanted):
        for row in rows.get(candidate, []):
            if step == 0 or row.descendants or row.excluded:
                decided.setdefault(row.article_id, not row.excluded)
    return _in_language([pk for pk, found in decided.items() if found], language)


def _plain(code):
    return code.replace(".", "").replace(" ", "").upper()


def _widening(system, code):
    code = _plain(code)
    if not code or len(code) > LONGEST_CODE:
        return []
    if system != CodeSystem.ICD_10_CM:
        return [code]
    return [code[:length] for length in range(len(code), CATEGORY_LENGTH - 1, -1)]


def _spellings(codes):
    """Codes are stored as clinicians write them, with the dot after the category."""
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
    chosen = {}
    for page in pages:
        original = page.pk if page.pk in article_ids else page.translation_of_id
        if original not in chosen or page.language == language:
            chosen[original] = page
    return [chosen[pk] for pk in article_ids if pk in chosen]
