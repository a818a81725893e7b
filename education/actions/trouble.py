class ActionRefused(Exception):
    """The action cannot be done now. `reasons` are full sentences for the person who asked for it."""

    def __init__(self, *reasons):
        super().__init__(" ".join(str(reason) for reason in reasons))
        self.reasons = list(reasons)


class WorkingCopyChanged(ActionRefused):
    """Two people had the same article open, and the other one saved first."""
