"""One set-up at a time: `make run` and `make demo`, started together, must not install into the same folder.

Run as `python -m gutskin.setup_lock COMMAND ...` with any Python 3: takes the lock of the current folder and becomes
that command. The lock is released when the command, and all that it started, has ended.
"""

import contextlib
import fcntl
import os
import sys

LOCK_NAME = ".setup.lock"


def take_lock(folder):
    """Waits until no other process holds the lock of this folder; returns the open file that holds it."""
    lock = open(os.path.join(folder, LOCK_NAME), "w")  # noqa: PTH118, PTH123, SIM115  held open beyond this function
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another command is setting up this site. Waiting for it to finish ...", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


@contextlib.contextmanager
def setup_lock(folder):
    with take_lock(folder):
        yield


if __name__ == "__main__":
    held = take_lock(".")  # open until this process, and so the command, ends
    os.set_inheritable(held.fileno(), True)
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606  the Makefile names the command
