"""Teams: which clinicians answer requests about which topics."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Team
from consultations.queue.teams import clinicians, topics
from education.models import Article
from gutskin.accounts.story_rights import record_widening
from gutskin.audit.hash_chain import gained_and_lost, record_parts
from gutskin.audit.models import AuditEvent
from gutskin.edit_conflicts import EditConflictMixin, VersionedFormMixin


class TeamForm(VersionedFormMixin, forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name", "members", "topics", "takes_everything"]
        widgets = {"members": forms.CheckboxSelectMultiple, "topics": forms.CheckboxSelectMultiple}

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
    list_per_page = 50

    @admin.display(description=_lazy("members"))
    def people(self, team):
        return ", ".join(str(user) for user in team.members.all()) or "–"

    @admin.display(description=_lazy("topics"))
    def answers(self, team):
        if team.takes_everything:
            return _("Every request")
        return ", ".join(article.title for article in team.topics.all()) or "–"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("members", "topics")

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
