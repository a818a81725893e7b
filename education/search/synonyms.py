"""Words that readers use for the same thing. Whoever searches for one finds the others too.

Each line is a group; a name may be several words, which then have to stand side by side.
Add what readers of the site really type, and nothing that would be only near the mark.
"""

from functools import lru_cache

from education.search.terms import terms

SYNONYMS = {
    "en": [
        # The plain word and the medical one
        ["eczema", "atopic dermatitis", "atopic eczema"],
        ["acne", "spots", "pimples", "zits", "blackheads", "breakouts"],
        ["itch", "itchy", "itchiness", "pruritus", "pruritic"],
        ["hives", "nettle rash", "urticaria"],
        ["gut", "bowel", "intestine"],
        ["poo", "poop", "stool", "faeces", "feces"],
        ["diarrhoea", "diarrhea", "runny poo", "runny poop", "loose stools"],
        ["tummy", "belly", "stomach"],
        ["heartburn", "acid reflux"],
        ["leaky gut", "intestinal permeability", "gut permeability"],
        ["friendly bacteria", "good bacteria", "probiotics"],
        ["microbiome", "microbiota", "gut flora"],
        ["moisturiser", "moisturizer", "emollient"],
        # Letters and what they stand for
        ["IBS", "irritable bowel syndrome"],
        ["IBD", "inflammatory bowel disease"],
        ["SCFA", "SCFAs", "short-chain fatty acid"],
        [
            "FMT",
            "stool transplant",
            "poo transplant",
            "faecal transplant",
            "fecal transplant",
            "faecal microbiota transplant",
            "fecal microbiota transplant",
            "faecal microbiota transplantation",
            "fecal microbiota transplantation",
        ],
        ["SIBO", "small intestinal bacterial overgrowth"],
        ["RCT", "randomised controlled trial", "randomized controlled trial"],
        # British and American spelling
        ["coeliac", "celiac"],
        ["oestrogen", "estrogen"],
        ["oesophagus", "esophagus"],
        ["oesophageal", "esophageal"],
        ["anaemia", "anemia"],
        ["faecal", "fecal"],
        ["fibre", "fiber", "roughage"],
        ["randomised", "randomized"],
        ["ageing", "aging"],
        ["yoghurt", "yogurt"],
        # One word or two
        ["gluten-free", "glutenfree", "without gluten", "no gluten"],
        ["low-FODMAP", "lowfodmap"],
    ]
}


@lru_cache
def groups_by_phrase(language: str) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """From the terms of each name to the terms of all names that mean the same."""
    groups = {}
    for names in SYNONYMS.get(language, []):
        phrases = tuple(dict.fromkeys(tuple(terms(name, language)) for name in names))
        for phrase in phrases:
            groups[phrase] = tuple(dict.fromkeys((*groups.get(phrase, ()), *phrases)))
    return groups
