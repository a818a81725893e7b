"""The answers a patient chooses from. The values are stored, encrypted; never change one that was in use."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgeGroup(TextChoices):
    CHILD = "0-11", _("Under 12")
    TEENAGER = "12-17", _("12 to 17")
    YOUNG_ADULT = "18-39", _("18 to 39")
    ADULT = "40-64", _("40 to 64")
    OLDER_ADULT = "65+", _("65 or over")
    NOT_SAID = "not-said", _("I would rather not say")


class Duration(TextChoices):
    WEEKS = "weeks", _("Less than 6 weeks")
    MONTHS = "months", _("6 weeks to 6 months")
    YEAR = "year", _("6 months to 2 years")
    YEARS = "years", _("More than 2 years")
    COMES_AND_GOES = "comes-and-goes", _("It comes and goes")
    NOT_SURE = "not-sure", _("I am not sure")


class GutSymptom(TextChoices):
    BLOATING = "bloating", _("Bloating or wind")
    PAIN = "pain", _("Tummy pain or cramps")
    DIARRHOEA = "diarrhoea", _("Diarrhoea (loose poo)")
    CONSTIPATION = "constipation", _("Constipation (hard poo, or straining)")
    HEARTBURN = "heartburn", _("Heartburn or reflux")
    NAUSEA = "nausea", _("Feeling sick")
    FOOD_REACTION = "food-reaction", _("Some foods make me feel worse")
    NONE = "none", _("None of these")


class ContactBy(TextChoices):
    EMAIL = "email", _("In writing: an e-mail tells me when your answer is there")
    PHONE = "phone", _("By phone")


class ForWhom(TextChoices):
    MYSELF = "myself", _("For myself")
    SOMEBODY_ELSE = "somebody-else", _("For somebody else")
