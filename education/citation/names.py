"""Authors as MEDLINE writes them: “van den Brandt PA” is a person, “World Health Organization” is not."""

import re
from dataclasses import dataclass

# A family name, up to four initials, and perhaps what tells a son from his father.
PERSON = re.compile(
    r"(?P<family>.+?) (?P<initials>[^\W\d_](?:-?[^\W\d_]){0,3})(?: (?P<suffix>Jr|Sr|2nd|3rd|II|III|IV))?"
)
# Organisations whose name ends in capitals, like “Cochrane Skin Group UK”, are known by a word that no person bears.
ORGANISATION = re.compile(
    r"\b(academy|agency|association|centre|center|college|committee|consortium|council|department|federation|group"
    r"|foundation|health|institute|league|ministry|network|organi[sz]ation|panel|service|society|trust|university)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Person:
    family: str
    initials: str
    suffix: str = ""

    @property
    def given(self) -> str:
        """The initials as reference managers have them: “MMD” as “M. M. D.”, “J-P” as “J.-P.”."""
        return "-".join(" ".join(f"{letter}." for letter in part) for part in self.initials.split("-"))


def person(author: str) -> Person | None:
    """Family name and initials of an author, or None for an organisation, whose name stays whole."""
    match = PERSON.fullmatch(one_line(author))
    if match is None or not match["initials"].isupper() or ORGANISATION.search(author):
        return None
    return Person(match["family"], match["initials"], match["suffix"] or "")


def one_line(text) -> str:
    """Without line breaks and control characters: in RIS and BibTeX a new line begins a new field."""
    text = " ".join(str(text).split())
    if text.isprintable():  # nearly every one, and looking at each letter is what takes long
        return text
    return "".join(character for character in text if character.isprintable())
