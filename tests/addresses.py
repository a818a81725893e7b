"""An address of every kind of public page, filled by the project's own content."""

ARTICLES = [
    "/what-is-the-gut-skin-axis/",
    "/mechanisms/gut-microbiota/",
    "/mechanisms/immune-modulation/",
    "/mechanisms/barrier-integrity/",
    "/mechanisms/neuroendocrine-crosstalk/",
    "/conditions/atopic-dermatitis/",
    "/conditions/psoriasis/",
    "/conditions/rosacea/",
    "/conditions/acne/",
    "/conditions/hidradenitis-suppurativa/",
    "/conditions/coeliac-disease/",
    "/conditions/inflammatory-bowel-disease/",
    "/conditions/urticaria/",
    "/conditions/other-skin-conditions/",
    "/therapies/probiotics-and-prebiotics/",
    "/therapies/dietary-interventions/",
    "/therapies/antibiotic-stewardship/",
    "/therapies/supplements/",
    "/therapies/medicines-and-the-gut/",
    "/therapies/stool-transplant/",
]
READING_PAGES = [
    "/",
    *ARTICLES,
    "/conditions/acne/more/",
    "/mechanisms/",
    "/conditions/",
    "/therapies/",
    "/evidence/",
    "/evidence/?condition=acne&certainty=low",
    "/references/",
    "/references/zhao2025/",
    "/glossary/",
    "/search/",
    "/search/?q=eczema",
    "/search/?q=xqzwv",
    "/search/suggestions/?q=ecz",
    "/experts/",
    "/about/",
    "/privacy/",
    "/accessibility/",
    "/emergency-numbers/",
    "/diary/",
]
FORM_PAGES = [
    "/consult/",
    "/consult/?topic=psoriasis",
    "/consult/received/",
    "/consult/code/",
    "/consult/status/",
    "/consult/status/erased/",
]
# For clinicians, from a health record: kept by caches for twelve hours, unlike the reading pages.
RECORD_PAGES = [
    "/connect/application?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=L40.0",
]
