"""Emergency numbers and crisis lines by country, from emergency_numbers.toml: only those that someone confirmed.

The site's own country is the setting COUNTRY. Everywhere else it is “your local emergency number”.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _lazy

FILE = Path(__file__).with_suffix(".toml")
ALWAYS = "always"

# In the order of the page for countries other than the site's own.
COUNTRIES = {
    "GB": _lazy("United Kingdom"),
    "IE": _lazy("Ireland"),
    "US": _lazy("United States"),
    "CA": _lazy("Canada"),
    "AU": _lazy("Australia"),
    "NZ": _lazy("New Zealand"),
    "IN": _lazy("India"),
    "DE": _lazy("Germany"),
    "FR": _lazy("France"),
    "ES": _lazy("Spain"),
    "LV": _lazy("Latvia"),
    "MX": _lazy("Mexico"),
    "AR": _lazy("Argentina"),
    "CO": _lazy("Colombia"),
    "CL": _lazy("Chile"),
    "PE": _lazy("Peru"),
    "EC": _lazy("Ecuador"),
    "EG": _lazy("Egypt"),
    "SA": _lazy("Saudi Arabia"),
    "AE": _lazy("United Arab Emirates"),
    "LB": _lazy("Lebanon"),
}
KINDS = {
    "emergency": _lazy("Emergency"),
    "crisis": _lazy("Someone to talk to"),
    "children": _lazy("For children and young people"),
}
COSTS = {"free": _lazy("free to call"), "": ""}
NOTES = {
    "": "",
    "nhs-option-2": _lazy("Choose option 2 for mental health. This is for England; Wales and Scotland are similar."),
    "spanish-press-2": _lazy("For Spanish, press 2, or text AYUDA."),
    "text-connect": _lazy("The text to send is CONNECT."),
    "twenty-languages": _lazy("In 20 languages."),
    "buenos-aires-only": _lazy("In the city of Buenos Aires and its suburbs only."),
    "outside-buenos-aires": _lazy("From the rest of the country."),
    "bogota-only": _lazy("In Bogotá only."),
    "mobile-only": _lazy("From mobile phones only."),
    "option-5": _lazy("Choose option 5."),
    "hours-of-2021": _lazy("These hours are from 2021 and may have changed."),
    "hours-disputed": _lazy("It may not answer at every hour: our sources disagree."),
}


@dataclass(frozen=True)
class Number:
    """One row of the file, which explains the fields."""

    country: str
    kind: str
    source: str
    checked: date
    confirmed: bool
    call: str = ""
    text: str = ""
    name: str = ""
    cost: str = ""
    hours: str = ""
    languages: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def label(self) -> str | Promise:
        return self.name or KINDS[self.kind]

    @property
    def tel(self) -> str:
        """The address of a link that calls it."""
        return f"tel:{re.sub(r'[^0-9*]', '', self.call)}"

    @property
    def cost_in_words(self) -> str | Promise:
        return COSTS[self.cost]

    @property
    def hours_in_words(self) -> str | Promise:
        """Empty for emergency numbers, which always answer."""
        if self.kind == "emergency":
            return ""
        if self.hours == ALWAYS:
            return _lazy("day and night")
        if not self.hours:
            return "" if self.note == "hours-disputed" else _lazy("we do not know at which hours")
        begin, end = self.hours.split("-")
        return _lazy("only from %(begin)s to %(end)s") % {"begin": begin, "end": end}

    @property
    def languages_in_words(self) -> list[str]:
        return [get_language_info(code)["name_translated"] for code in self.languages]

    @property
    def note_in_words(self) -> str | Promise:
        return NOTES[self.note]


@dataclass(frozen=True)
class Country:
    code: str
    name: str | Promise
    numbers: list[Number]

    @property
    def emergency(self) -> list[Number]:
        return [number for number in self.numbers if number.kind == "emergency"]

    @property
    def lines(self) -> list[Number]:
        """The lines for talking to someone, the most general first."""
        return [number for number in self.numbers if number.kind != "emergency"]


def read_numbers(rows: Iterable[Mapping]) -> list[Country]:
    """The countries with a confirmed number, in the order of COUNTRIES.

    Raises TypeError for a row with an unknown or missing field, and ValueError for one with an unknown country, kind,
    cost or note.
    """
    numbers = [Number(**row) for row in rows]
    for number in numbers:
        for name, known in (("country", COUNTRIES), ("kind", KINDS), ("cost", COSTS), ("note", NOTES)):
            if getattr(number, name) not in known:
                raise ValueError(f"emergency_numbers.toml: {name} = {getattr(number, name)!r} is not known.")
    confirmed = [number for number in numbers if number.confirmed]
    countries = [
        Country(code, name, [number for number in confirmed if number.country == code])
        for code, name in COUNTRIES.items()
    ]
    return [country for country in countries if country.numbers]


_COUNTRIES = read_numbers(tomllib.loads(FILE.read_text("utf-8"))["number"])


def known_emergencies() -> list[Country]:
    """The countries of which we have a confirmed emergency number, in the order of COUNTRIES."""
    return [country for country in _COUNTRIES if country.emergency]


def home_country() -> Country | None:
    """The site's own country, or None if we have no confirmed number for COUNTRY."""
    return next((country for country in _COUNTRIES if country.code == settings.COUNTRY), None)


def other_countries() -> list[Country]:
    return [country for country in _COUNTRIES if country.code != settings.COUNTRY]
