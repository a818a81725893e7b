"""Who answers which topic, and which topics nobody answers."""

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from consultations.models import Inquiry, Team
from education.models import Article, Kind

BACKEND = "django.contrib.auth.backends.ModelBackend"


def clinicians():
    """Active accounts that answer what their teams take. A superuser is none, though they be in the group Clinician:
    whoever runs the site answers only what somebody assigned.
    """
    return colleagues().filter(is_superuser=False)


def colleagues():
    """Active accounts that a request can be assigned to: whoever is to answer it must be able to read it. A superuser
    is one if they were given the right, by a group for example.
    """
    users = get_user_model().objects
    able = users.with_perm("consultations.answer_inquiry", include_superusers=False, backend=BACKEND)
    return able.order_by("username")


def topics():
    """What a team can take: the published articles, each of which a reader may ask about."""
    return Article.objects.published().order_by("kind", "title")


def topics_without_a_clinician() -> list[str]:
    """Titles of the topics whose requests no clinician would see: of every published condition, of whatever an open
    request is about, and “Something else”. Two queries.
    """
    teams = list(_staffed_teams().values_list("pk", "takes_everything"))
    if any(takes_everything for _pk, takes_everything in teams):
        return []
    asked_about = Exists(Inquiry.objects.open().filter(condition=OuterRef("pk")))
    answered = Exists(Team.topics.through.objects.filter(article=OuterRef("pk"), team__in=[pk for pk, _all in teams]))
    alone = Article.objects.filter(Q(kind=Kind.CONDITION, live__isnull=False) | Q(asked_about)).exclude(answered)
    return [*alone.order_by("title").values_list("title", flat=True), _("Something else")]


def _staffed_teams():
    return Team.objects.filter(Exists(Team.members.through.objects.filter(team=OuterRef("pk"), user__in=clinicians())))
