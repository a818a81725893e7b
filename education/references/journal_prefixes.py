"""How the DOIs of a journal begin. Learned from the references that came with the site (education/content)."""

import re

# Only what is certain: a publisher that gives all its journals the same beginning is not here.
PREFIXES = {
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
BEGINNING = re.compile("|".join(re.escape(prefix) + r"(?![a-z])" for prefix in sorted(PREFIXES, key=len, reverse=True)))


def journal_of(doi: str) -> str:
    """The journal whose DOIs begin like this one; "" where we know none."""
    found = BEGINNING.match(doi.casefold())
    return PREFIXES[found[0]] if found else ""
