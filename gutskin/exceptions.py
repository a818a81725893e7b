"""Exceptions that every app shares."""


class ActionRefused(Exception):
    """An action cannot be done now, and nothing was changed.

    `reasons` are full sentences, in the language of the person who asked for it.
    """

    def __init__(self, *reasons):
        super().__init__(" ".join(str(reason) for reason in reasons))
        self.reasons = list(reasons)
