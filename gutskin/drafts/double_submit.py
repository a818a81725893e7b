"""Double submit: a form of Django admin for something new that is sent twice is stored once.

A second click, Back and “Save” again, two tabs, or another try after a time-out: the second leads to what the first has
stored. The admin site adds StoredOnceAdmin to every class that is registered.
"""

import json
import uuid

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from gutskin import limits
from gutskin.drafts.change_form import FORM
from gutskin.drafts.models import SentForm
from gutskin.drafts.saving import PageKey, delete_drafts, parse_uuid, whole_form, words_of
from gutskin.encryption.digests import keyed_digest

KEY = "form-key"
# They post the form as well, and store nothing new.
DRAFT_BUTTONS = {"save_draft", "discard_draft", "restore_draft"}


class ChangedSinceStored:
    """Added to a ModelForm whose key was used for other words: it is not valid until it is sent once more."""

    link_to_stored = ""

    def clean(self):
        data = super().clean()
        sentence = _("This form was stored before, as {stored}. What it says now is not stored yet.")
        question = _("Open that one to change it. If this is to be another one, save it once more.")
        self.add_error(None, format_html("{} {}", format_html(sentence, stored=self.link_to_stored), question))
        return data


class StoredOnceAdmin:
    """The part of a ModelAdmin that stores a form for something new once.

    The form carries a key. The same key and the same words are a second click. So are the same words of the same user
    within some minutes, because a page that is loaded again has another key.
    """

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        may_store = request.method == "POST" and not DRAFT_BUTTONS & request.POST.keys()
        if object_id is not None or not may_store or not self.has_add_permission(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        request.form_key, request.form_words = parse_uuid(request.POST.get(KEY, "")), _digest_of(request.POST)
        with transaction.atomic():
            # The second of two waits here, and then finds what the first has stored.
            get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=request.user.pk)
            if stored := self._stored_by(request, words=request.form_words):
                return self._show_stored(request, stored)
            request.stored_before = self._stored_by(request)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        stored = getattr(request, "stored_before", None)
        if change or stored is None:
            return form
        return type(form.__name__, (ChangedSinceStored, form), {"link_to_stored": self._link_to(request, stored)})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change:
            SentForm.objects.update_or_create(
                user=request.user,
                key=request.form_key or uuid.uuid4(),
                # One that was deleted since can be stored again.
                defaults={
                    "words": request.form_words,
                    "stored_type": ContentType.objects.get_for_model(self.model),
                    "stored_id": str(form.instance.pk),
                    "sent_at": timezone.now(),
                },
            )

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if add:
            is_used = getattr(request, "stored_before", None) is not None
            context["form_key"] = (not is_used and parse_uuid(request.POST.get(KEY, ""))) or uuid.uuid4()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _stored_by(self, request, words=None):
        """What this form has stored or, with `words`, what these have stored; None if it was deleted since."""
        sent = SentForm.objects.filter(user=request.user, stored_type=ContentType.objects.get_for_model(self.model))
        of_form = sent.filter(key=request.form_key)
        if words:
            recently = sent.filter(sent_at__gt=timezone.now() - limits.SAME_WORDS_WITHIN)
            of_form = (of_form | recently).filter(words=words)
        found = of_form.order_by("-sent_at").first()
        return found and found.stored

    def _show_stored(self, request, stored):
        if "draft-page" in request.POST:
            # Its text is stored.
            delete_drafts(request.user, self.model(), FORM, key=PageKey.of(request.POST), sent=whole_form(request.POST))
        if IS_POPUP_VAR in request.POST:
            return self.response_add(request, stored)
        messages.info(request, _("You sent this form before, so it was not stored again. This is what was stored."))
        if not self.has_view_or_change_permission(request, stored):
            return self.response_post_save_add(request, stored)
        return redirect(self._page_of(stored))

    def _link_to(self, request, stored):
        if not self.has_view_or_change_permission(request, stored):
            return str(stored)
        return format_html('<a href="{}">{}</a>', self._page_of(stored), stored)

    def _page_of(self, stored):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[stored.pk])


def _digest_of(posted):
    """Of what was typed and chosen. Keyed, so that no one can test guesses against a stolen database."""
    return keyed_digest("sent-form", json.dumps(words_of(whole_form(posted)), sort_keys=True))
