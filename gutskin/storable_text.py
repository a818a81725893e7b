"""Text that cannot be stored as it was typed: NUL characters, lone surrogates, and bytes that are not UTF-8.

PostgreSQL refuses NUL, and a lone surrogate cannot be encoded as UTF-8. Django has replaced bytes that are not UTF-8 by
U+FFFD, which could be stored, but is not what anyone wrote. People paste the first from PDFs; the others come from
forged requests and broken programs. A form takes them out and shows itself again, so that nothing else is lost.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _lazy

from gutskin.visible_text import VisibleTextMixin

UNREADABLE = "\ufffd"
UNSTORABLE = re.compile(rf"[\x00\ud800-\udfff{UNREADABLE}]")
HAD_UNSTORABLE = _lazy(
    "Your answer contained an invisible character that cannot be stored. We took it out; please check your answer "
    "and send it again."
)
HAD_UNREADABLE = _lazy(
    "A part of your answer could not be read. We took that part out; please check your answer and send it again."
)


def without_unstorable(text: str) -> str:
    return UNSTORABLE.sub("", text)


class StorableTextMixin(VisibleTextMixin):
    """For a Form whose data is a QueryDict. Goes before `forms.Form` in the list of bases.

    The form is bound to a copy of the data without these characters. Each field that had some gets an error, so that
    the user looks at the rest before it is sent.
    """

    # Fields that no one can look at or correct.
    fields_repaired_silently = frozenset()

    def __init__(self, data=None, **kwargs):
        self.repaired = {}
        super().__init__(None if data is None else self.make_storable(data), **kwargs)

    def make_storable(self, data):
        """A copy of `data` that can be stored. Override to repair more than single characters."""
        data = data.copy()
        for name, values in data.lists():
            if any(UNSTORABLE.search(value) for value in values):
                self.repaired[name] = HAD_UNREADABLE if UNREADABLE in "".join(values) else HAD_UNSTORABLE
                data.setlist(name, [without_unstorable(value) for value in values])
        return data

    def full_clean(self):
        """Adds its error last, and only to fields without one: any other error is more informative."""
        super().full_clean()
        for name, problem in self.repaired.items():
            if name in self.fields and name not in self.errors and name not in self.fields_repaired_silently:
                self.add_error(name, ValidationError(problem))
