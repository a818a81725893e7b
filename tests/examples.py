"""How many generated examples a test tries: all of them in CI, fewer where a developer waits for the result."""

import os

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
# Of every five examples, one is tried outside CI.
SHARE = 5


def examples(in_ci: int) -> int:
    return in_ci if IN_CI else max(in_ci // SHARE, 1)
