"""The warning signs that the request form looks for, as staff see them: every rule, what it says, what it reads."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consultations.models import RedFlagResult, Urgency
from consultations.red_flags import RULES, VERSION, VOCABULARIES


@admin.register(RedFlagResult)
class RedFlagRulesAdmin(admin.ModelAdmin):
    """One page that only shows. What was found in a request stands on the request's own page."""

    def get_urls(self):
        page = self.admin_site.admin_view(self.changelist_view)
        return [path("", page, name="consultations_redflagresult_changelist")]

    def get_model_perms(self, request):
        # Not on the front page's list of tables: it is none.
        return {}

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        if not request.user.has_perm("consultations.view_inquiry"):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Warning signs"),
            "version": VERSION,
            "rules": [_shown(rule) for rule in RULES],
        }
        return TemplateResponse(request, "admin/consultations/redflagresult/rules.html", context)


def _shown(rule):
    signs = [
        (get_language_info(code)["name_local"], [sign.written for sign in vocabulary.signs[rule.id]])
        for code, vocabulary in VOCABULARIES.items()
    ]
    return {"rule": rule, "urgency": Urgency(rule.urgency).label, "advice": rule.advice.values(), "signs": signs}
