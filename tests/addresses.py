"""Every kind of public page, as the project's own content fills them."""

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
    "/therapies/probiotics-and-prebiotics/",
    "/therapies/dietary-interventions/",
    "/therapies/antibiotic-stewardship/",
]
READING_PAGES = [
    "/",
    *ARTICLES,
    "/mechanisms/",
    "/conditions/",
    "/therapies/",
    "/evidence/",
    "/references/",
    "/references/zhao2025/",
    "/glossary/",
    "/search/",
    "/search/?q=eczema",
    "/search/?q=xqzwv",
    "/experts/",
    "/about/",
    "/privacy/",
    "/accessibility/",
]
FORM_PAGES = ["/consult/", "/consult/?topic=psoriasis", "/consult/received/"]
