"""Emergency numbers and crisis lines on every page. The tags need nothing from the page, and no database."""

from functools import cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gutskin.emergency_numbers import home_country, other_countries

register = template.Library()


@register.simple_tag
def emergency_line() -> str:
    """One line: the emergency number and the first crisis line of the site's own country."""
    return _rendered("_emergency_line.html", get_language(), settings.COUNTRY, get_script_prefix())


@register.simple_tag
def emergency_home() -> str:
    """Every number of the site's own country, and a link to those of all others."""
    return _rendered("_emergency_home.html", get_language(), settings.COUNTRY, get_script_prefix())


@register.simple_tag
def emergency_countries() -> str:
    """Every number of the site's own country, and those of all others folded away."""
    return _rendered("_emergency_countries.html", get_language(), settings.COUNTRY, get_script_prefix())


@cache
def _rendered(template, _language, _country, _prefix):
    """Rendered once: the same numbers are on every page, and those of all countries are a sixth of the request form."""
    return render_to_string(template, {"home": home_country(), "others": other_countries()})


@register.simple_tag
def emergency_number() -> str:
    """What to call, in the middle of a sentence."""
    home = home_country()
    if home is None or not home.emergency:
        return _("your local emergency number")
    return _("%(number)s or your local emergency number") % {"number": home.emergency[0].call}


@register.simple_tag
def call_now_if() -> str:
    """The heading of a care card for an emergency."""
    home = home_country()
    if home is None or not home.emergency:
        return _("Call your local emergency number now if:")
    return _("Call %(number)s, or your local emergency number, now if:") % {"number": home.emergency[0].call}
