"""Usual slips in e-mail addresses: “gamil.com”, “hotmial.co.uk”, “icloud.con”. What was probably meant is only offered.

The limits: providers that many patients use, with names of five letters or more, because “aol.com” is one letter from
too many others; one letter missing, too many, wrong or swapped; ends that no address has. A slip before the @ is never
found, nor one that makes the address of another real provider.
"""

# What may follow each name.
PROVIDERS = {
    "gmail": {"com"},
    "googlemail": {"com"},
    "hotmail": {"com", "co.uk", "de", "es", "fr", "it", "nl", "be", "se", "dk", "no", "gr", "ch", "com.br", "com.au"},
    "outlook": {"com", "de", "es", "fr", "it", "ie", "pt", "com.au", "com.br", "dk", "be"},
    "yahoo": {"com", "co.uk", "de", "es", "fr", "it", "ie", "ca", "co.in", "in", "com.br", "com.au", "com.mx", "co.jp"},
    "icloud": {"com"},
    "rocketmail": {"com"},
    "protonmail": {"com", "ch"},
    "tutanota": {"com", "de"},
    "fastmail": {"com", "fm"},
    "hushmail": {"com"},
    "zohomail": {"com", "eu", "in"},
    "yandex": {"com", "ru", "ua", "kz"},
    "rediffmail": {"com"},
    # Great Britain and Ireland, America
    "btinternet": {"com"},
    "virginmedia": {"com"},
    "talktalk": {"net"},
    "ntlworld": {"com"},
    "blueyonder": {"co.uk"},
    "eircom": {"net"},
    "comcast": {"net"},
    "verizon": {"net"},
    "bellsouth": {"net"},
    "sbcglobal": {"net"},
    "earthlink": {"net"},
    "bigpond": {"com", "net.au"},
    "optusnet": {"com.au"},
    # German, French, Dutch, Italian, Polish, Czech
    "t-online": {"de"},
    "freenet": {"de"},
    "posteo": {"de", "net"},
    "bluewin": {"ch"},
    "orange": {"fr"},
    "wanadoo": {"fr"},
    "laposte": {"net"},
    "telenet": {"be"},
    "skynet": {"be"},
    "ziggo": {"nl"},
    "kpnmail": {"nl"},
    "libero": {"it"},
    "virgilio": {"it"},
    "tiscali": {"it"},
    "interia": {"pl", "eu"},
    "seznam": {"cz"},
}
# Real ones that are one letter away from a name above.
REAL = {"mail.com", "email.com", "ymail.com", "cloud.com", "libera.it"}
# Ends that no address has, and what they are slips of.
ENDS = {
    **dict.fromkeys(("con", "cmo", "ocm", "comm", "coom", "ccom", "vom", "xom", "cim", "cpm", "clm"), "com"),
    **dict.fromkeys(("co.ku", "co.ukk", "co.yk", "co.u"), "co.uk"),
    **dict.fromkeys(("nte", "nett", "ner", "met"), "net"),
    **dict.fromkeys(("ogr", "orgg"), "org"),
}
# Ends of countries, which are slips only after the name of a provider: “gmail.co”, but not the firm “example.co”.
CUT_OFF = {"co": "com", "cm": "com", "om": "com"}


def meant_address(address: str) -> str:
    """The address that was probably meant; empty where nothing looks like a slip."""
    person, at, domain = address.rpartition("@")
    meant = _meant_domain(domain.lower()) if at else ""
    return f"{person}@{meant}" if meant else ""


def _meant_domain(domain):
    name, _dot, end = domain.partition(".")
    if domain in REAL or end in PROVIDERS.get(name, ()):
        return ""
    names = [name] if name in PROVIDERS else [known for known in PROVIDERS if is_one_slip(name, known)]
    for meant_end in (ENDS.get(end, end), CUT_OFF.get(end)):
        for meant_name in names:
            if meant_end in PROVIDERS[meant_name]:
                return f"{meant_name}.{meant_end}"
    # A domain that we do not know, with an end that no address has.
    return f"{name}.{ENDS[end]}" if end in ENDS else ""


def is_one_slip(typed: str, meant: str) -> bool:
    """Is one letter missing, too many or wrong, or are two neighbours swapped? (Damerau-Levenshtein distance 1)"""
    while typed and typed[:1] == meant[:1]:
        typed, meant = typed[1:], meant[1:]
    is_wrong_letter = typed[1:] == meant[1:]
    is_one_more = typed[1:] == meant or typed == meant[1:]
    is_swapped = typed[:2] == meant[1::-1] and typed[2:] == meant[2:]
    return typed != meant and (is_wrong_letter or is_one_more or is_swapped)
