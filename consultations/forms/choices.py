"""The answers a patient can choose from. Their values are stored, encrypted: never change one that has been used."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy


class AgeGroup(TextChoices):
    CHILD = "0-11", _lazy("Under 12")
    TEENAGER = "12-17", _lazy("12 to 17")
    YOUNG_ADULT = "18-39", _lazy("18 to 39")
    ADULT = "40-64", _lazy("40 to 64")
    OLDER_ADULT = "65+", _lazy("65 or over")
    NOT_SAID = "not-said", _lazy("I would rather not say")


class Duration(TextChoices):
    WEEKS = "weeks", _lazy("Less than 6 weeks")
    MONTHS = "months", _lazy("6 weeks to 6 months")
    YEAR = "year", _lazy("6 months to 2 years")
    YEARS = "years", _lazy("More than 2 years")
    COMES_AND_GOES = "comes-and-goes", _lazy("It comes and goes")
    NOT_SURE = "not-sure", _lazy("I am not sure")


class GutSymptom(TextChoices):
    BLOATING = "bloating", _lazy("Bloating or wind")
    PAIN = "pain", _lazy("Tummy pain or cramps")
    DIARRHOEA = "diarrhoea", _lazy("Diarrhoea (loose poo)")
    CONSTIPATION = "constipation", _lazy("Constipation (hard poo, or straining)")
    HEARTBURN = "heartburn", _lazy("Heartburn or reflux")
    NAUSEA = "nausea", _lazy("Feeling sick")
    FOOD_REACTION = "food-reaction", _lazy("Some foods make me feel worse")
    NONE = "none", _lazy("None of these")


class ContactBy(TextChoices):
    # Called so because an e-mail tells most patients that the answer is there.
    EMAIL = "email", _lazy("Write to me: I read the answer on this site, with my code")
    PHONE = "phone", _lazy("By phone")


class MayPhone(TextChoices):
    """What is safe for a patient whose phone others may answer or hear. Empty if they did not say."""

    WITH_MESSAGE = "with-message", _lazy("Yes, and you may leave a message")
    NO_MESSAGE = "no-message", _lazy("Yes, but never leave a message")
    NO = "no", _lazy("No, do not phone me")


class ForWhom(TextChoices):
    MYSELF = "myself", _lazy("For myself")
    SOMEBODY_ELSE = "somebody-else", _lazy("For someone else")


# By the name of the field. GutSymptom may be stored several times, separated by commas.
CHOICES = {
    "for_whom": ForWhom,
    "may_phone": MayPhone,
    "preferred_contact": ContactBy,
    "age_group": AgeGroup,
    "duration": Duration,
    "gut_symptoms": GutSymptom,
}
