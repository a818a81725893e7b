"""Saving drafts: what a user types into a form is kept for them until it is sent.

A page may be open in two tabs. So each page has a key and a draft of its own. It also says which drafts it shows: when
it saves, its own draft replaces those, and no others.
"""

import json
import uuid
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from gutskin import limits
from gutskin.drafts.models import Draft
from gutskin.storable_text import without_unstorable

Fields = dict[str, list[str]]
# Left out of a form that is kept as a whole: what no one typed, or what must be new each time.
NOT_KEPT = {
    *("csrfmiddlewaretoken", "save_draft", "discard_draft", "restore_draft", "draft-page", "draft-seen", "form-key"),
}
# Kept, but hidden: which version of the object a form shows and replaces, and the key of a reply.
NOT_TYPED = {"version", "replaces_version", "key"}


@dataclass(frozen=True)
class PageKey:
    """Which page this is, and the revisions of the drafts that it shows. templates/admin/_draft_key.html posts it."""

    page: uuid.UUID | None = field(default_factory=uuid.uuid4)
    seen: frozenset[str] = frozenset()

    @classmethod
    def of(cls, posted):
        """The key in a posted form. Without one, no draft can be replaced."""
        return cls(parse_uuid(posted.get("draft-page", "")), frozenset(posted.getlist("draft-seen")))

    @classmethod
    def showing(cls, drafts):
        """The key of a new page that shows these drafts."""
        return cls(seen=frozenset(str(draft.revision) for draft in drafts))

    def may_replace(self, draft: Draft) -> bool:
        return str(draft.revision) in self.seen or (self.page is not None and draft.page == self.page)


@dataclass(frozen=True)
class FormDrafts:
    """The drafts of one form, oldest first: one for each tab in which something was typed and not sent."""

    kept: list[Draft] = field(default_factory=list)
    # A short time ago. They can be restored.
    discarded: list[Draft] = field(default_factory=list)

    @property
    def newest(self) -> Draft | None:
        return self.kept[-1] if self.kept else None

    @property
    def last_discarded(self) -> Draft | None:
        return max(self.discarded, key=lambda draft: draft.discarded_at, default=None)

    def of_page(self, key: PageKey):
        """Without what was typed in other tabs."""
        return FormDrafts([draft for draft in self.kept if key.may_replace(draft)], self.discarded)

    def joined(self, text: str) -> Fields:
        """One form of all: the newest values, and what was typed into the field `text` one below the other."""
        fields = {}
        for draft in self.kept:
            words = _one_below_the_other(fields.get(text, [""])[-1], draft.fields.get(text, [""])[-1])
            fields |= draft.fields | ({text: [words]} if words else {})
        return fields


def whole_form(posted) -> Fields:
    """The fields of a posted form, all as one draft. Buttons of Django admin begin with an underscore."""
    return {
        name: values
        for name, values in posted.lists()
        if name not in NOT_KEPT and not name.startswith("_") and "password" not in name
    }


def drafts_of(user, about: models.Model) -> dict[str, FormDrafts]:
    """By kind: what this user typed about `about`. The caller shows a draft only where the user may use its form."""
    found = {}
    oldest_to_restore = timezone.now() - limits.DISCARDED_DRAFTS_KEPT_FOR
    for draft in Draft.objects.of(user, about).order_by("saved_at", "pk"):
        of_form = found.setdefault(draft.kind, FormDrafts())
        if draft.discarded_at is None:
            of_form.kept.append(draft)
        elif draft.discarded_at > oldest_to_restore:
            of_form.discarded.append(draft)
    return found


@transaction.atomic
def save_drafts(user, about: models.Model, typed: dict[str, Fields], *, key: PageKey) -> None:
    """Saves what was typed on one page, by kind; a form without fields deletes the draft of that page.

    Raises the DoesNotExist of the model if `about` was deleted in the meantime, so that no draft outlives it.
    """
    if not typed:
        return
    _lock(about if about.pk else user)
    stored = list(Draft.objects.of(user, about).kept().order_by("saved_at", "pk").select_for_update())
    for kind, fields in typed.items():
        of_page = [draft for draft in stored if draft.kind == kind and key.may_replace(draft)]
        fields = {name: [without_unstorable(value) for value in values] for name, values in fields.items()}
        if [draft.fields for draft in of_page] == [fields]:
            continue
        if fields:
            _write(of_page.pop() if of_page else _new(user, about, kind), fields, key)
        # Their words are in the draft above, or were taken out by someone who saw them.
        for other in of_page:
            other.delete()


@transaction.atomic
def delete_drafts(user, about: models.Model, kind: str, *, key: PageKey, sent: Fields) -> None:
    """After their text was sent. What this page has not shown stays, unless all of it was sent as well.

    A page that was loaded again, or gone back to, has another key than the one that saved the same words; and a page
    that was closed may have saved only the beginning of them.
    """
    drafts = Draft.objects.of(user, about).kept().filter(kind=kind).select_for_update()
    words = words_of(sent)
    dropped = [draft.pk for draft in drafts if key.may_replace(draft) or _is_part_of(words_of(draft.fields), words)]
    Draft.objects.filter(pk__in=dropped).delete()


@transaction.atomic
def discard_drafts(user, about: models.Model, kind: str, *, key: PageKey) -> None:
    """Puts away what this page shows. It can be restored for some minutes."""
    Draft.objects.filter(pk__in=_of_page(user, about, kind, key)).update(discarded_at=timezone.now())


def discard_draft(user, about: models.Model, public_id: str) -> None:
    """Puts away one draft."""
    Draft.objects.of(user, about).kept().filter(public_id=parse_uuid(public_id)).update(discarded_at=timezone.now())


def restore_draft(user, about: models.Model, public_id: str) -> Draft | None:
    """The draft, no longer discarded; None if it was deleted."""
    draft = Draft.objects.of(user, about).filter(public_id=parse_uuid(public_id)).first()
    if draft and draft.discarded_at:
        Draft.objects.filter(pk=draft.pk).update(discarded_at=None)
    return draft


def answer_autosave(request: HttpRequest, about: models.Model, typed: dict[str, Fields]) -> JsonResponse:
    """Tells static/js/drafts.js the age in seconds of each draft that its page has now."""
    key = PageKey.of(request.POST)
    save_drafts(request.user, about, typed, key=key)
    newest = {kind: drafts.of_page(key).newest for kind, drafts in drafts_of(request.user, about).items()}
    return JsonResponse({"drafts": {kind: draft.age for kind, draft in newest.items() if draft and kind in typed}})


def words_of(fields: Fields) -> dict[str, list[list[str]]]:
    """What someone typed or chose. Browsers change the ends of lines."""
    filled_in = {name: values for name, values in fields.items() if name not in NOT_TYPED and any(values)}
    return {name: [value.split() for value in values] for name, values in filled_in.items()}


def _is_part_of(words, sent):
    """Whether every field of a draft is in what was sent: its words, one after the other."""
    # A draft whose key is missing seems to be empty.
    return bool(words) and all(_occur_in(values, sent.get(name, [])) for name, values in words.items())


def _occur_in(values, sent):
    return len(values) == len(sent) and all(
        any(whole[place : place + len(part)] == part for place in range(len(whole) - len(part) + 1))
        for part, whole in zip(values, sent, strict=True)
    )


def _of_page(user, about, kind, key):
    drafts = Draft.objects.of(user, about).kept().filter(kind=kind).only("page", "revision").select_for_update()
    return [draft.pk for draft in drafts if key.may_replace(draft)]


def _one_below_the_other(before, text):
    before, text = before.replace("\r\n", "\n"), text.replace("\r\n", "\n")
    if before.strip() in text:
        return text
    return before if text.strip() in before else f"{before}\n\n{text}"


def _lock(row: models.Model) -> None:
    """Locks it until the end of the transaction. Raises its DoesNotExist if it was deleted."""
    row._meta.model._base_manager.select_for_update().only("pk").get(pk=row.pk)


def _new(user, about, kind):
    return Draft(user=user, about_type=ContentType.objects.get_for_model(about), about_id=about.pk or 0, kind=kind)


def _write(draft, fields, key):
    draft.content = json.dumps(fields, ensure_ascii=False)
    draft.page, draft.revision, draft.saved_at = key.page, uuid.uuid4(), timezone.now()
    draft.save()


def parse_uuid(text: str) -> uuid.UUID | None:
    """None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
