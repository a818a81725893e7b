"""Saving drafts: what a user types into a form is kept for them until it is sent.

A page may be open in two tabs. So each page has a key of its own and says which drafts it began with: a draft is
replaced only by the page that wrote it, or by one that has shown it.
"""

import json
import uuid
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from gutskin.drafts.models import Draft
from gutskin.storable_text import without_unstorable

Fields = dict[str, list[str]]
# Left out of a form that is kept as a whole: what no one typed, or what must be new each time.
NOT_KEPT = {"csrfmiddlewaretoken", "save_draft", "draft-page", "draft-seen"}


@dataclass(frozen=True)
class PageKey:
    """Which page this is, and the revisions of the drafts that it shows. templates/admin/_draft_key.html posts it."""

    page: uuid.UUID | None = field(default_factory=uuid.uuid4)
    seen: frozenset[str] = frozenset()

    @classmethod
    def of(cls, posted):
        """The key in a posted form. Without one, no draft can be replaced."""
        try:
            page = uuid.UUID(posted.get("draft-page", ""))
        except ValueError:
            page = None
        return cls(page, frozenset(posted.getlist("draft-seen")))

    @classmethod
    def showing(cls, drafts):
        """The key of a new page that shows these drafts."""
        return cls(seen=frozenset(str(draft.revision) for draft in drafts))

    def may_replace(self, draft: Draft) -> bool:
        return str(draft.revision) in self.seen or (self.page is not None and draft.page == self.page)


def whole_form(posted) -> Fields:
    """The fields of a posted form, all as one draft. Buttons of Django admin begin with an underscore."""
    return {name: values for name, values in posted.lists() if name not in NOT_KEPT and not name.startswith("_")}


def drafts_of(user, about: models.Model) -> dict[str, Draft]:
    """By kind: what this user typed about `about`. The caller shows a draft only where the user may use its form."""
    return {draft.kind: draft for draft in Draft.objects.of(user, about)}


@transaction.atomic
def save_drafts(user, about: models.Model, typed: dict[str, Fields], *, key: PageKey, join=None) -> list[str]:
    """Saves what was typed, by kind; a form without fields deletes its draft.

    Returns the kinds that were not saved, because this page may not replace their draft. `join` may make one draft of
    two: it takes the kind and the fields of both, and returns None where it does not. Raises the DoesNotExist of the
    model if `about` was deleted in the meantime, so that no draft outlives it.
    """
    if not typed:
        return []
    _lock(about if about.pk else user)
    stored = {draft.kind: draft for draft in Draft.objects.of(user, about).select_for_update()}
    refused = []
    for kind, fields in typed.items():
        draft = stored.get(kind)
        fields = {name: [without_unstorable(value) for value in values] for name, values in fields.items()}
        if draft and draft.fields == fields:
            continue
        is_foreign = draft is not None and not key.may_replace(draft)
        if fields and is_foreign:
            if joined := join and join(kind, draft.fields, fields):
                # No page shows both yet.
                _write(draft, joined, PageKey(page=None))
            else:
                refused.append(kind)
        elif fields:
            _write(draft or _new(user, about, kind), fields, key)
        elif draft and not is_foreign:
            # An empty form of another page has not shown what it would delete.
            draft.delete()
    return refused


@transaction.atomic
def discard_draft(user, about: models.Model, kind: str, *, key: PageKey) -> bool:
    """Deletes a draft, unless this page has not shown it; returns whether none is left."""
    draft = Draft.objects.of(user, about).filter(kind=kind).select_for_update().first()
    if draft and key.may_replace(draft):
        draft.delete()
        return True
    return draft is None


def answer_autosave(request: HttpRequest, about: models.Model, typed: dict[str, Fields]) -> JsonResponse:
    """Tells static/js/drafts.js the age in seconds of each draft there is now, and which are not of this page."""
    refused = save_drafts(request.user, about, typed, key=PageKey.of(request.POST))
    drafts = {kind: draft.age for kind, draft in drafts_of(request.user, about).items() if kind in typed}
    return JsonResponse({"drafts": drafts, "refused": refused})


def _lock(row: models.Model) -> None:
    """Locks it until the end of the transaction. Raises its DoesNotExist if it was deleted."""
    row._meta.model._base_manager.select_for_update().only("pk").get(pk=row.pk)


def _new(user, about, kind):
    return Draft(user=user, about_type=ContentType.objects.get_for_model(about), about_id=about.pk or 0, kind=kind)


def _write(draft, fields, key):
    draft.content = json.dumps(fields, ensure_ascii=False)
    draft.page, draft.revision, draft.saved_at = key.page, uuid.uuid4(), timezone.now()
    draft.save()
