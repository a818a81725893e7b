"""Pages with every red flag (“warning sign”) that the request form looks for: its advice, its urgency, its words.

The words of one rule are on a page of their own: those of all rules are more than a megabyte.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from consultations.models import RedFlagResult, Urgency
from consultations.red_flags import RULES, SEARCH_VOCABULARIES, VERSION, VOCABULARIES
from gutskin.http_methods import require_safe


@admin.register(RedFlagResult)
class RedFlagRulesAdmin(admin.ModelAdmin):
    """Read only, and not about a request: what was found in one is shown on the page of that request."""

    def get_urls(self):
        page = self.admin_site.admin_view(self.changelist_view)
        return [path("", page, name="consultations_redflagresult_changelist")]

    def get_model_perms(self, request):
        # Keeps it off the list of models on the front page, which links to it elsewhere.
        return {}

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        if not request.user.has_perm("consultations.view_inquiry"):
            raise PermissionDenied
        chosen = request.GET.get("rule", "")
        rules = [rule for rule in RULES if rule.id == chosen] if chosen else RULES
        if not rules:
            raise Http404
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Warning signs"),
            "version": VERSION,
            "chosen": chosen,
            "rules": [_for_template(rule, with_signs=bool(chosen)) for rule in rules],
        }
        return TemplateResponse(request, "admin/consultations/redflagresult/rules.html", context)


def _for_template(rule, *, with_signs):
    signs = [
        (heading % {"language": get_language_info(code)["name_local"]}, [sign.written for sign in signs])
        for heading, vocabularies in (
            ("%(language)s", VOCABULARIES),
            (_("%(language)s, in the search of the site and in feedback only"), SEARCH_VOCABULARIES),
        )
        for code, vocabulary in vocabularies.items()
        if with_signs and (signs := vocabulary.signs.get(rule.id))
    ]
    return {"rule": rule, "urgency": Urgency(rule.urgency).label, "advice": rule.advice.values(), "signs": signs}
