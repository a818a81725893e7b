"""What can go wrong with a register or a file. Each message is a full sentence for the user."""


class NoRecord(Exception):
    """There is no usable record."""


class NotFound(NoRecord):
    """The register answered that it does not know this number."""


class Unreachable(NoRecord):
    """The register gave no usable answer: it was unreachable, slow or busy, or sent something else."""


class Unreadable(NoRecord):
    """A file, or one entry of it, that cannot be parsed."""
