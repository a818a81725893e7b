"""From plain values to JSON, for a file of its own and for a script element."""

import json

from django.utils.safestring import SafeString, mark_safe

# Inside a script element `</script>` or `<!--` would end or change it, whatever stands around; JSON may escape both.
# U+2028 and U+2029 end a line for older readers of scripts.
ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def as_json(data: dict) -> str:
    """One line of JSON without needless spaces; letters stay as they are."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def as_script(data: dict) -> SafeString:
    """The same, safe between `<script type="application/ld+json">` and its end."""
    return mark_safe(as_json(data).translate(ESCAPES))  # noqa: S308  every character that HTML knows is escaped
