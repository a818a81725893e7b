"""Drafts of the forms of Django admin: what was typed and not saved is offered when the page is opened again.

The admin site adds DraftedAdmin to every class that is registered. A form has drafts if it has a text area.
"""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from gutskin.drafts.saving import (
    FormDrafts,
    PageKey,
    answer_autosave,
    delete_drafts,
    discard_draft,
    discard_drafts,
    drafts_of,
    restore_draft,
    save_drafts,
    whole_form,
)

FORM = "form"


class DraftRestored:
    """Added to a ModelForm that shows a draft: it is never valid, so that restoring a draft saves nothing."""

    def clean(self):
        data = super().clean()
        self.add_error(None, _("This draft is not saved yet."))
        return data


class DraftedAdmin:
    """The part of a ModelAdmin that keeps drafts of its change form. templates/admin/change_form.html shows them.

    A draft is not filled in by itself: someone else may have saved the object since. Autosave, restoring and discarding
    are posted to the address of the form itself, with the permission that saving needs. Their buttons carry along what
    was typed, so that restoring one draft does not lose another.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if "save_draft" in request.POST:
            about = self._drafted(request, object_id)
            return answer_autosave(request, about, {FORM: self._typed(request, about)})
        if "discard_draft" in request.POST or "restore_draft" in request.POST:
            about = self._drafted(request, object_id)
            self._keep_typed(request, about)
            draft = self._discard(request, about) if "discard_draft" in request.POST else self._restore(request, about)
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
        if "draft-page" in request.POST:
            about = form.instance if change else self.model()
            delete_drafts(request.user, about, FORM, key=PageKey.of(request.POST), sent=whole_form(request.POST))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        # Those that Django has just made for the page: to make their classes again takes milliseconds.
        shown = [context["adminform"].form, *(inline.formset.form for inline in context["inline_admin_formsets"])]
        if self._may_save(request, obj) and _has_text_area(shown):
            context |= self._draft_context(request, obj)
        if hasattr(request, "restored_draft"):
            # Its one error is a sentence of the template.
            context["errors"] = None
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _draft_context(self, request, obj):
        about, key = obj or self.model(), PageKey.of(request.POST)
        restored = getattr(request, "restored_draft", None)
        came_back = request.method == "POST" and restored is None
        if came_back:
            # With errors: what was typed is not saved anywhere else.
            save_drafts(request.user, about, {FORM: whole_form(request.POST)}, key=key)
        drafts = self._drafts(request, about)
        shown = FormDrafts([restored] if restored else drafts.of_page(key).kept)
        # A form that came back has its errors to tell; other drafts are offered when it is saved or opened again.
        offered = [] if came_back else [draft for draft in reversed(drafts.kept) if _differs(draft, restored)]
        _add_saved_since([*offered, *shown.kept], obj)
        self._add_excerpts(request, offered, obj)
        return {
            "draft_key": PageKey.showing(shown.kept),
            "shown_drafts": shown,
            "restored_draft": restored,
            # One at a time: the newest. Older ones are folded away below it.
            "offered_drafts": offered[:1],
            "older_drafts": offered[1:],
            "discarded_drafts": [] if came_back else drafts.discarded,
            "form_id": f"{self.opts.model_name}_form",
        }

    def _keep_typed(self, request, about):
        """Saves what was typed since the page was opened, if anything was."""
        save_drafts(request.user, about, {FORM: self._typed(request, about)}, key=PageKey.of(request.POST))

    def _typed(self, request, about):
        """The form, if anything in it differs from what is stored; else nothing, which is no draft."""
        return whole_form(request.POST) if self._has_changed(request, about) else {}

    def _discard(self, request, about):
        """Returns the draft that the page goes on showing: what was typed beside one that was only offered."""
        chosen, key = request.POST["discard_draft"], PageKey.of(request.POST)
        if chosen == FORM:
            discard_drafts(request.user, about, FORM, key=key)
        else:
            discard_draft(request.user, about, chosen)
        messages.success(request, _("The draft is discarded."))
        return self._drafts(request, about).of_page(key).newest

    def _restore(self, request, about):
        draft = restore_draft(request.user, about, request.POST["restore_draft"])
        if draft is None:
            messages.warning(request, _("This draft is no longer kept."))
        return draft

    def _drafts(self, request, about):
        return drafts_of(request.user, about).get(FORM, FormDrafts())

    def _drafted(self, request, object_id):
        """The object that the form is about, or an unsaved one. Raises PermissionDenied like saving would.

        Raises Http404 if it was deleted, so that the page can say so.
        """
        obj = self.get_object(request, object_id) if object_id else None
        if not self._keeps_drafts(request, obj):
            raise PermissionDenied
        if object_id and obj is None:
            raise Http404
        return obj or self.model()

    def _keeps_drafts(self, request, obj):
        """Whether this user may type a long text into the form."""
        if not self._may_save(request, obj):
            return False
        form_classes = [self.get_form(request, obj, change=obj is not None)]
        form_classes += [formset.form for formset, _inline in self.get_formsets_with_inlines(request, obj)]
        return _has_text_area(form_classes)

    def _may_save(self, request, obj):
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def _has_changed(self, request, about):
        obj = about if about.pk else None
        initial = {} if obj else self.get_changeform_initial_data(request)
        form = self.get_form(request, obj, change=obj is not None)(request.POST, instance=obj, initial=initial)
        formsets, _inlines = self._create_formsets(request, form.instance, change=obj is not None)
        return any(_is_typed(each) for each in [form, *(each for formset in formsets for each in formset.forms)])

    def _add_excerpts(self, request, drafts, obj):
        """Adds to each the first text that differs from what is stored, with the label of its field."""
        if not drafts:
            return
        form = self.get_form(request, obj, change=obj is not None)(instance=obj)
        fields = {name: field for name, field in form.fields.items() if isinstance(field, forms.CharField)}
        for draft in drafts:
            for name, field in fields.items():
                text = draft.fields.get(name, [""])[-1]
                if not form[name].is_hidden and _words(text) != _words(form[name].value() or ""):
                    # The editor's texts are HTML.
                    draft.label, draft.excerpt = field.label, strip_tags(text)
                    break


def newest_draft(user, obj):
    """What this user typed last into the form of an object and has not saved; None if there is nothing."""
    return drafts_of(user, obj).get(FORM, FormDrafts()).newest


def _has_text_area(forms_shown):
    """Whether one of these forms, or of these classes of forms, has one."""
    fields = (field for form in forms_shown for field in form.base_fields.values())
    return any(isinstance(field.widget, forms.Textarea) for field in fields)


def _is_typed(form):
    """Whether anything was typed. Browsers change the ends of lines, which Django takes for a change."""
    changed = [form[name] for name in form.changed_data]
    return any(_words(field.initial) != _words(field.data) for field in changed if not field.is_hidden)


def _words(value):
    return value.split() if isinstance(value, str) else value


def _differs(draft, shown):
    return shown is None or (draft.pk != shown.pk and draft.fields != shown.fields)


def _add_saved_since(drafts, obj):
    """Adds to each draft the newest entry of admin's log about the object, if it is newer than the draft."""
    if obj is None or not drafts:
        return
    entries = LogEntry.objects.filter(content_type=drafts[0].about_type_id, object_id=str(obj.pk))
    entry = entries.select_related("user").order_by("-action_time").first()
    for draft in drafts:
        draft.saved_since = entry if entry and entry.action_time > draft.saved_at else None


def _as_posted(fields):
    posted = QueryDict(mutable=True)
    for name, values in fields.items():
        posted.setlist(name, values)
    return posted
