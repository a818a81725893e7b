from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from consultations.models import Team
from consultations.queue.teams import clinicians, topics
from education.models import Article
from gutskin.audit.hash_chain import gained_and_lost, record_parts
from gutskin.audit.models import AuditEvent


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name", "members", "topics", "takes_everything"]
        widgets = {"members": forms.CheckboxSelectMultiple, "topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = clinicians()
        self.fields["members"].help_text = _("Accounts of the group Clinician. They read and answer these requests.")
        # What was withdrawn since stays with the team: open requests may still be about it.
        kept = Q(pk__in=self.instance.topics.values("pk")) if self.instance.pk else Q(pk=None)
        self.fields["topics"].queryset = Article.objects.filter(Q(pk__in=topics().values("pk")) | kept).order_by(
            "title"
        )


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """Who answers what. Being put into a team opens stories, so it stands in the audit log."""

    form = TeamForm
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
        form.instance.changes = gained_and_lost(_who_and_what(form.initial), _who_and_what(form.cleaned_data))

    def log_addition(self, request, team, message):
        entry = super().log_addition(request, team, message)
        self._record(request, team.pk, ["added", *team.changes])
        return entry

    def log_change(self, request, team, message):
        entry = super().log_change(request, team, message)
        self._record(request, team.pk, team.changes or ["saved"])
        return entry

    def delete_model(self, request, obj):
        pk, had = obj.pk, _who_and_what(forms.model_to_dict(obj))
        super().delete_model(request, obj)
        self._record(request, pk, ["deleted", *gained_and_lost(had, set())])

    def get_actions(self, request):
        """One at a time: a team that is gone leaves requests that nobody sees."""
        return {}

    @staticmethod
    def _record(request, pk, parts):
        record_parts(AuditEvent.Action.ACCOUNT_CHANGED, by=request.user, about=f"team {pk}", parts=parts)


def _who_and_what(values):
    """Out of the values of a form: members by their user names, topics by their addresses."""
    everything = {"every request"} if values.get("takes_everything") else set()
    topics = {f"topic {topic.language}/{topic.slug}" for topic in values.get("topics", [])}
    return everything | topics | {user.get_username() for user in values.get("members", [])}
