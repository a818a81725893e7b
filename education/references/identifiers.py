"""DOI, PMID and PMCID: bringing what people paste into one form, and telling whether it can be one."""

import re
from urllib.parse import unquote

# The pattern that Crossref recommends for DOIs of today (crossref.org/blog/dois-and-matching-regular-expressions),
# and its second one for the early DOIs of Wiley, which hold characters like < and ;.
DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Z0-9]+", re.IGNORECASE | re.ASCII)
EARLY_WILEY_DOI = re.compile(r"10\.1002/[!-~]+")
# In an address these lead upwards, out of the place where a register keeps its works.
STEPS_ASIDE = {".", ".."}
PMID = re.compile(r"[1-9]\d{0,8}", re.ASCII)
PMCID = re.compile(r"PMC[1-9]\d{0,9}", re.ASCII)
BEFORE_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)
BEFORE_PMID = re.compile(
    r"^(?:https?://(?:pubmed\.ncbi\.nlm\.nih\.gov/|www\.ncbi\.nlm\.nih\.gov/pubmed/)|pmid:?\s*)", re.IGNORECASE
)
BEFORE_PMCID = re.compile(
    r"^(?:https?://(?:pmc\.ncbi\.nlm\.nih\.gov/articles/|www\.ncbi\.nlm\.nih\.gov/pmc/articles/)|pmcid:?\s*)",
    re.IGNORECASE,
)


def clean_doi(text: str) -> str:
    """The bare DOI of an address or of `doi:…`, without the full stop of the sentence it stood in."""
    text = text.strip()
    bare = BEFORE_DOI.sub("", text)
    if bare != text and "%" in bare:
        bare = unquote(bare)
    return bare.strip().rstrip(".,;")


def clean_pmid(text: str) -> str:
    return BEFORE_PMID.sub("", text.strip()).strip().strip("/")


def clean_pmcid(text: str) -> str:
    bare = BEFORE_PMCID.sub("", text.strip()).strip().strip("/").upper()
    return f"PMC{bare}" if bare.isascii() and bare.isdigit() else bare


def is_doi(text: str) -> bool:
    looks_like_one = DOI.fullmatch(text) or EARLY_WILEY_DOI.fullmatch(text)
    return bool(looks_like_one) and STEPS_ASIDE.isdisjoint(text.split("/"))


def is_pmid(text: str) -> bool:
    return bool(PMID.fullmatch(text))


def is_pmcid(text: str) -> bool:
    return bool(PMCID.fullmatch(text))
