"""Drafts of the forms of Django admin: what was typed and not saved is offered when the page is opened again."""

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from gutskin.drafts.saving import PageKey, answer_autosave, discard_draft, drafts_of, save_drafts, whole_form

FORM = "form"


class DraftRestored:
    """Added to a ModelForm that shows a draft: it is never valid, so that restoring a draft saves nothing."""

    def clean(self):
        data = super().clean()
        self.add_error(None, _("This draft is not saved yet."))
        return data


class DraftedAdmin:
    """For a ModelAdmin whose change form keeps drafts. Its template includes admin/_draft_offer.html.

    A draft is not filled in by itself: someone else may have saved the object since. Autosave, restoring and discarding
    are posted to the address of the form itself, with the permission that saving needs.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if "save_draft" in request.POST:
            return answer_autosave(request, self._drafted(request, object_id), {FORM: whole_form(request.POST)})
        if "discard_draft" in request.POST:
            return self._discard(request, self._drafted(request, object_id))
        if "restore_draft" in request.POST:
            draft = drafts_of(request.user, self._drafted(request, object_id)).get(FORM)
            if draft is None:
                return redirect(request.get_full_path())
            request.restored_draft = draft
            # Shown as if it had just been posted, with its inlines.
            request.POST = _as_posted(draft.fields)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (DraftRestored, form), {}) if hasattr(request, "restored_draft") else form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        about = form.instance if change else self.model()
        discard_draft(request.user, about, FORM, key=PageKey.of(request.POST))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            context |= self._draft_context(request, obj)
        if hasattr(request, "restored_draft"):
            # Its one error is a sentence of the template.
            context["errors"] = None
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _draft_context(self, request, obj):
        about, key = obj or self.model(), PageKey.of(request.POST)
        shown = getattr(request, "restored_draft", None)
        came_back = request.method == "POST" and shown is None
        if came_back:
            # With errors: what was typed is not saved anywhere else.
            save_drafts(request.user, about, {FORM: whole_form(request.POST)}, key=key)
        draft = drafts_of(request.user, about).get(FORM)
        if came_back and draft and key.may_replace(draft):
            shown = draft
        return {
            "draft": draft,
            "shown_draft": shown,
            "draft_is_restored": hasattr(request, "restored_draft"),
            "saved_since": _saved_since(draft, obj) if draft and obj else None,
            "draft_key": PageKey.showing([shown] if shown else []),
        }

    def _discard(self, request, about):
        if discard_draft(request.user, about, FORM, key=PageKey.of(request.POST)):
            messages.success(request, _("The draft is discarded."))
        return redirect(request.get_full_path())

    def _drafted(self, request, object_id):
        """The object that the form is about, or an unsaved one. Raises PermissionDenied like saving would."""
        obj = self.get_object(request, object_id) if object_id else None
        if object_id and obj is None:
            raise PermissionDenied
        if not (self.has_change_permission(request, obj) if obj else self.has_add_permission(request)):
            raise PermissionDenied
        return obj or self.model()


def _saved_since(draft, obj):
    """The newest entry of admin's log about the object, if it is newer than the draft."""
    entries = LogEntry.objects.filter(content_type=draft.about_type_id, object_id=str(obj.pk))
    return entries.filter(action_time__gt=draft.saved_at).select_related("user").order_by("-action_time").first()


def _as_posted(fields):
    posted = QueryDict(mutable=True)
    for name, values in fields.items():
        posted.setlist(name, values)
    return posted
