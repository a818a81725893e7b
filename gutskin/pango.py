"""Is Pango installed, the system library that PDF leaflets need? Runs with any Python 3, for Makefile and CI."""

import ctypes
import sys

# On Linux, macOS and Windows, by the names that WeasyPrint looks for.
NAMES = ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll")


def is_installed() -> bool:
    for name in NAMES:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


if __name__ == "__main__":
    sys.exit(not is_installed())
