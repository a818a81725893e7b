"""Lends the rules to the pages of readers, who search and give feedback: gutskin/red_flags.py."""

from consultations.red_flags import acknowledgement, advice_for, find_red_flags_in_search
from gutskin.red_flags import Advice, register


def _advice_on(text):
    signs = find_red_flags_in_search(text)
    return Advice(cards=advice_for(signs), acknowledgement=acknowledgement(signs)) if signs else None


register(_advice_on)
