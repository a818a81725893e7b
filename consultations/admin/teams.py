"""Teams: which clinicians answer requests about which topics."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.paginator import Paginator
from django.db.models import OuterRef, Prefetch, Q
from django.http import JsonResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Team
from consultations.queue.teams import clinicians, topics
from education.models import Article
from gutskin.accounts.permissions import require_permission
from gutskin.accounts.story_rights import record_widening
from gutskin.audit.hash_chain import gained_and_lost, record_parts
from gutskin.audit.models import AuditEvent
from gutskin.counting import number_of
from gutskin.edit_conflicts import EditConflictMixin, VersionedFormMixin
from gutskin.http_methods import require_safe

# How many of its topics the list of teams shows for each team.
MOST_TITLES = 10


class TopicsWidget(AutocompleteSelectMultiple):
    """Searches the topics that a team can be given. Django's own address for this asks for permission to see articles,

    drafts included, which coordinators do not have.
    """

    url_name = "%s:consultations_team_topics"


class TeamForm(VersionedFormMixin, forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name", "members", "topics", "takes_everything"]
        widgets = {
            "members": forms.CheckboxSelectMultiple,
            "topics": TopicsWidget(Team._meta.get_field("topics"), admin.site),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Only active clinicians: a member reads the stories of the team's requests.
        self.fields["members"].queryset = clinicians()
        self.fields["members"].help_text = _("Accounts of the group Clinician. They read and answer these requests.")
        # A topic that was withdrawn since stays with its team: open requests may still be about it.
        own = Q(pk__in=self.instance.topics.values("pk")) if self.instance.pk else Q(pk=None)
        self.fields["topics"].queryset = Article.objects.filter(Q(pk__in=topics().values("pk")) | own).order_by("title")


@admin.register(Team)
class TeamAdmin(EditConflictMixin, admin.ModelAdmin):
    """Every change is recorded in the audit log: a new member can read the stories of the team's requests."""

    form = TeamForm
    fields = ["name", "members", "topics", "takes_everything"]
    list_display = ["name", "people", "answers"]

    @admin.display(description=_lazy("members"))
    def people(self, team):
        return ", ".join(str(user) for user in team.members.all()) or "–"

    @admin.display(description=_lazy("topics"))
    def answers(self, team):
        if team.takes_everything:
            return _("Every request")
        titles = [article.title for article in team.first_topics]
        if more := team.topic_count - len(titles):
            titles.append(_("and %(count)s more") % {"count": more})
        return ", ".join(titles) or "–"

    def get_queryset(self, request):
        first = Article.objects.only("title").order_by("title")[:MOST_TITLES]
        given = Team.topics.through.objects.filter(team=OuterRef("pk"))
        teams = super().get_queryset(request).annotate(topic_count=number_of(given))
        return teams.prefetch_related("members", Prefetch("topics", first, to_attr="first_topics"))

    def get_urls(self):
        view = self.admin_site.admin_view(self.topics_view)
        return [path("topics/", view, name="consultations_team_topics"), *super().get_urls()]

    @method_decorator(require_safe)
    def topics_view(self, request):
        """Topics with the searched words in their titles, as JSON for TopicsWidget."""
        require_permission(self.has_view_permission(request))
        found = topics().filter(title__icontains=request.GET.get("term", ""))
        page = Paginator(found.values_list("pk", "title"), 20).get_page(request.GET.get("page"))
        results = [{"id": str(pk), "text": title} for pk, title in page]
        return JsonResponse({"results": results, "pagination": {"more": page.has_next()}})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Recorded in log_addition and log_change, which run last: the event locks the end of the audit log.
        form.instance.changes = gained_and_lost(
            _members_and_topics(form.initial), _members_and_topics(form.cleaned_data)
        )

    def log_addition(self, request, team, message):
        entry = super().log_addition(request, team, message)
        self._record(request, team.pk, ["added", *team.changes])
        self._tell(request, team)
        return entry

    def log_change(self, request, team, message):
        entry = super().log_change(request, team, message)
        self._record(request, team.pk, team.changes or ["saved"])
        self._tell(request, team)
        return entry

    def delete_model(self, request, obj):
        # Read before the deletion, which clears the primary key and the relations.
        pk, before = obj.pk, _members_and_topics(forms.model_to_dict(obj))
        super().delete_model(request, obj)
        self._record(request, pk, ["deleted", *gained_and_lost(before, set())])

    def get_actions(self, request):
        """No bulk deletion: without a team, the requests about its topics are visible to no clinician."""
        return {}

    @staticmethod
    def _tell(request, team):
        """Members read the stories about the topics: new ones of either can be a way to them."""
        gained = [part for part in team.changes if part.startswith("+")]
        record_widening(f"team {team.pk}", gained, by=request.user)

    @staticmethod
    def _record(request, pk, parts):
        record_parts(AuditEvent.Action.ACCOUNT_CHANGED, by=request.user, about=f"team {pk}", parts=parts)


def _members_and_topics(values):
    """Reads the values of a form. Members appear by username, topics by the end of their address."""
    everything = {"every request"} if values.get("takes_everything") else set()
    topics = {f"topic {topic.language}/{topic.slug}" for topic in values.get("topics", [])}
    return everything | topics | {user.get_username() for user in values.get("members", [])}
