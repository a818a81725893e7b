"""The kinds of mail that the outbox can send. Each app registers its own in AppConfig.ready (`mails.py` of the app)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True)
class MailKind:
    """One kind of mail: what it is called, what it says, and what happens when its address is refused."""

    name: str
    label: str
    # Holds subject.txt, body.txt and body.html.
    templates: str
    # Maps the object that the mail is about to the context of the templates. None: no mail is needed.
    context: Callable[[Model], dict | None]
    # An address outside the clinic: if its server refuses it permanently (5xx), the mail is not tried again.
    is_to_the_patient: bool = False
    # False for an object about which no mail of this kind may be written: asked when it is queued, and when it is sent.
    is_wanted: Callable[[Model], bool] = lambda about: True


_kinds: dict[str, MailKind] = {}


def register(kind: MailKind) -> MailKind:
    """Called by an app for each of its kinds. Returns the kind, so that it can be assigned to a name."""
    _kinds[kind.name] = kind
    return kind


def mail_kind(name: str) -> MailKind:
    """Raises LookupError for a kind that no app has registered."""
    if name not in _kinds:
        raise LookupError(f"No app has registered a mail of the kind {name!r}.")
    return _kinds[name]
