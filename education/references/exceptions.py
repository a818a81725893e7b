"""What can go wrong with a register or a file. Each carries a sentence for the person who asked."""


class NoRecord(Exception):
    """There is no record to be had; `str()` is a full sentence."""


class NotFound(NoRecord):
    """The register answered: it does not know this number."""


class Unreachable(NoRecord):
    """The register gave no usable answer: silent, slow, busy, or rubbish."""


class Unreadable(NoRecord):
    """A file, or one entry of it, that cannot be understood."""
