"""The detail of an audit event in words. The log itself holds codes, so that it can be shown in any language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from gutskin.audit.models import AuditEvent

Action = AuditEvent.Action
# Codes that appear in details, and names of exported tables. Each app adds its own in AppConfig.ready. They are two
# tables, since a table of figures has the same name as a reason to read a story: urgency.
_exports = {"audit-log": _lazy("the audit log")}
_words = {
    "who": _lazy("of one person"),
    "what": _lazy("of one kind"),
    "request": _lazy("of one request"),
    "day": _lazy("of some days"),
}


def add_words(words: dict[str, str]) -> None:
    """Registers what codes of an app mean. Raises ValueError if a code already means something else."""
    _add(_words, words)


def add_exports(words: dict[str, str]) -> None:
    """Registers what is exported under the names that `gutskin.audit.export` is given, with the same error."""
    _add(_exports, words)


def _add(known, words):
    if taken := [code for code in words if known.get(code, words[code]) != words[code]]:
        raise ValueError(f"Codes of audit events with two meanings: {', '.join(taken)}")
    known.update(words)


def detail_in_words(action: str, detail: str) -> str:
    """The `detail` of an event with this action. Anything that is not a known code stays as it is."""
    if action == Action.EXPORTED:
        return _export_in_words(detail)
    if action == Action.CHAIN_CHECKED:
        return _check_in_words(detail)
    separator, joint = (" ", ", ") if action == Action.AUDIT_VIEWED else (" → ", " → ")
    return joint.join(str(_words.get(part, part)) for part in detail.split(separator))


def _export_in_words(detail):
    """`name count`: which table, and how many rows of it."""
    name, _space, count = detail.rpartition(" ")
    if not count.isdecimal():
        return detail
    rows = ngettext("%(count)s row", "%(count)s rows", int(count)) % {"count": count}
    return f"{_exports.get(name, name)}, {rows}"


def _check_in_words(detail):
    """`first last broken`: the numbers of two events, and how many places between them are broken."""
    numbers = detail.split(" ")
    if len(numbers) != 3 or not all(number.isdecimal() for number in numbers):
        return detail
    first, last, broken = numbers
    if broken == "0":
        return _("events %(first)s to %(last)s: unchanged") % {"first": first, "last": last}
    places = ngettext("broken in %(count)s place", "broken in %(count)s places", int(broken)) % {"count": broken}
    return _("events %(first)s to %(last)s: %(places)s") % {"first": first, "last": last, "places": places}
