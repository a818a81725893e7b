"""Which clinicians answer which topics, and which topics no one answers."""

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from consultations.models import Inquiry, Team
from education.models import Article, Kind

BACKEND = "django.contrib.auth.backends.ModelBackend"


def clinicians():
    """Returns the active accounts that answer the topics of their teams.

    Superusers are left out even if they are in the group Clinician: they answer only what a colleague assigned to them.
    """
    return colleagues().filter(is_superuser=False)


def colleagues():
    """Returns the active accounts that a request can be assigned to: those with the permission to read and answer.

    A superuser counts only if they were given that permission, for example by a group.
    """
    users = get_user_model().objects
    able = users.with_perm("consultations.answer_inquiry", include_superusers=False, backend=BACKEND)
    return able.order_by("username")


def topics():
    """Returns the topics that a team can be given: the published articles, since a reader may ask about any of them."""
    return Article.objects.published().order_by("kind", "title")


def topics_without_a_clinician() -> list[str]:
    """Returns the titles of topics whose requests no clinician would see.

    It looks at every published condition, at the topics of open requests, and at “Something else”. Two queries.
    """
    teams = list(_staffed_teams().values_list("pk", "takes_everything"))
    if any(takes_everything for _pk, takes_everything in teams):
        return []
    asked_about = Exists(Inquiry.objects.open().filter(condition=OuterRef("pk")))
    answered = Exists(Team.topics.through.objects.filter(article=OuterRef("pk"), team__in=[pk for pk, _all in teams]))
    unanswered = Article.objects.filter(Q(kind=Kind.CONDITION, live__isnull=False) | Q(asked_about)).exclude(answered)
    return [*unanswered.order_by("title").values_list("title", flat=True), _("Something else")]


def _staffed_teams():
    return Team.objects.filter(Exists(Team.members.through.objects.filter(team=OuterRef("pk"), user__in=clinicians())))
