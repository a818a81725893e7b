"""DOI, PMID and PMCID: cleaning what people paste, checking the syntax, and the journal that a DOI belongs to."""

import re
from urllib.parse import unquote

# The pattern that Crossref recommends for modern DOIs (crossref.org/blog/dois-and-matching-regular-expressions), and
# its second one for early DOIs of Wiley, which contain characters such as < and ;.
DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Z0-9]+", re.IGNORECASE | re.ASCII)
EARLY_WILEY_DOI = re.compile(r"10\.1002/[!-~]+")
# As path segments of a URL these would lead out of the register's /works/ (path traversal).
DOT_SEGMENTS = {".", ".."}
PMID = re.compile(r"[1-9]\d{0,8}", re.ASCII)
PMCID = re.compile(r"PMC[1-9]\d{0,9}", re.ASCII)
BEFORE_DOI = re.compile(r"^(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)
# Through the proxy of a library: https://doi-org.ezproxy.example.edu/10.1234/x, …/login?url=https://doi.org/10.1234/x.
PROXIED_DOI = re.compile(
    r"https?://(?:(?:dx-)?doi[.-]org\.[^/]+/"
    r"|[^ ]+[?&]q?url=https?(?::|%3a)(?:/|%2f){2}(?:dx\.)?doi\.org(?:/|%2f))(10\..+)",
    re.IGNORECASE,
)
BEFORE_PMID = re.compile(
    r"^(?:(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov/|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/)|pmid:?\s*)",
    re.IGNORECASE,
)
BEFORE_PMCID = re.compile(
    r"^(?:(?:https?://)?(?:pmc\.ncbi\.nlm\.nih\.gov/articles/|(?:www\.)?ncbi\.nlm\.nih\.gov/pmc/articles/)"
    r"|pmcid:?\s*)",
    re.IGNORECASE,
)
# What follows a number in an address: ?dopt=Abstract, /pdf/main.pdf.
AFTER_NUMBER = re.compile(r"[/?#].*")
# “doi: 10.1234/x” is one word.
LABEL = re.compile(r"\b(doi|pmid|pmcid)\s*:\s*", re.IGNORECASE)


def clean_doi(text: str) -> str:
    """The bare DOI from an address or from `doi:…`, without the punctuation of the sentence around it."""
    text = text.strip()
    bare = BEFORE_DOI.sub("", text)
    if bare == text and (proxied := PROXIED_DOI.match(text)):
        bare = proxied[1]
    if bare != text and "%" in bare:
        # Only in addresses: a bare DOI may contain a literal percent sign.
        bare = unquote(bare)
    return bare.strip().rstrip(".,;")


def clean_pmid(text: str) -> str:
    return _after(BEFORE_PMID, text)


def clean_pmcid(text: str) -> str:
    bare = _after(BEFORE_PMCID, text).upper()
    return f"PMC{bare}" if bare.isascii() and bare.isdigit() else bare


def _after(beginning, text):
    text = text.strip()
    found = beginning.match(text)
    bare = text[found.end() :].strip() if found else text
    # Only in addresses: a slash in other text means that it is no number.
    return AFTER_NUMBER.sub("", bare) if found and "/" in found[0] else bare.strip("/")


def with_bare_numbers(text: str) -> str:
    """A text to search for, with the number alone in place of each address or label of a DOI, PMID or PMCID."""
    return " ".join(map(_bare_number, LABEL.sub(r"\1:", text).split()))


def _bare_number(word):
    ways = ((clean_doi, is_doi), (clean_pmid, is_pmid), (clean_pmcid, is_pmcid))
    return next((bare for clean, is_one in ways if (bare := clean(word)) != word and is_one(bare)), word)


def is_doi(text: str) -> bool:
    looks_like_one = DOI.fullmatch(text) or EARLY_WILEY_DOI.fullmatch(text)
    return bool(looks_like_one) and DOT_SEGMENTS.isdisjoint(text.split("/"))


def is_pmid(text: str) -> bool:
    return bool(PMID.fullmatch(text))


def is_pmcid(text: str) -> bool:
    return bool(PMCID.fullmatch(text))


# How the DOIs of a journal begin, learned from the references that came with the site (education/content). A publisher
# that uses the same beginning for all its journals is not listed.
JOURNAL_PREFIXES = {
    "10.1001/jamadermatol": "JAMA Dermatology",
    "10.1001/jamapediatrics": "JAMA Pediatrics",
    "10.1002/14651858": "Cochrane Database of Systematic Reviews",
    "10.1002/iid3": "Immunity, Inflammation and Disease",
    "10.1007/s12325": "Advances in Therapy",
    "10.1007/s13555": "Dermatology and Therapy",
    "10.1016/j.anai": "Annals of Allergy, Asthma & Immunology",
    "10.1016/j.cell": "Cell",
    "10.1016/j.cgh": "Clinical Gastroenterology and Hepatology",
    "10.1016/j.jaad": "Journal of the American Academy of Dermatology",
    "10.1016/j.jaip": "The Journal of Allergy and Clinical Immunology: In Practice",
    "10.1016/j.jdin": "JAAD International",
    "10.1016/j.jid": "Journal of Investigative Dermatology",
    "10.1053/j.gastro": "Gastroenterology",
    "10.1038/nrgastro": "Nature Reviews Gastroenterology & Hepatology",
    "10.1080/09546634": "Journal of Dermatological Treatment",
    "10.1080/19490976": "Gut Microbes",
    "10.1093/ajcn": "The American Journal of Clinical Nutrition",
    "10.1111/1346-8138": "The Journal of Dermatology",
    "10.1111/bjd": "British Journal of Dermatology",
    "10.1126/science": "Science",
    "10.1136/annrheumdis": "Annals of the Rheumatic Diseases",
    "10.1136/gutjnl": "Gut",
    "10.1136/gut": "Gut",
    "10.1152/physrev": "Physiological Reviews",
    "10.1186/1757-4749": "Gut Pathogens",
    "10.1186/s40413": "World Allergy Organization Journal",
    "10.14309/ajg": "The American Journal of Gastroenterology",
    "10.2340/00015555": "Acta Dermato-Venereologica",
    "10.2340/actadv": "Acta Dermato-Venereologica",
    "10.3389/fcimb": "Frontiers in Cellular and Infection Microbiology",
    "10.3389/fmed": "Frontiers in Medicine",
    "10.3389/fmicb": "Frontiers in Microbiology",
    "10.3390/jcm": "Journal of Clinical Medicine",
    "10.3390/microorganisms": "Microorganisms",
    "10.3390/nu": "Nutrients",
    "10.3390/pathogens": "Pathogens",
    "10.3399/bjgpo": "BJGP Open",
    "10.3892/ijmm": "International Journal of Molecular Medicine",
    "10.4291/wjgp": "World Journal of Gastrointestinal Pathophysiology",
    "10.5021/ad": "Annals of Dermatology",
    "10.5826/dpc": "Dermatology Practical & Conceptual",
}
BEGINNING = re.compile(
    "|".join(re.escape(prefix) + r"(?![a-z])" for prefix in sorted(JOURNAL_PREFIXES, key=len, reverse=True))
)


def journal_of(doi: str) -> str:
    """The journal whose DOIs begin like this one, or ""."""
    found = BEGINNING.match(doi.casefold())
    return JOURNAL_PREFIXES[found[0]] if found else ""
