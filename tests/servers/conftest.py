"""Sites that are prepared and started as an operator does it."""

import fcntl
import json
import os
import shutil

import pytest

from tests import production


@pytest.fixture(scope="session")
def first_starts(tmp_path_factory):
    """A VAR_DIR prepared once per run, by two first starts at the same time, and what each of them printed."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder, printed = shared / "prepared", shared / "prepared.json"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            both = [production.start(*production.PREPARE, env=production.environment(folder)) for _ in range(2)]
            outputs = [process.communicate(timeout=production.MAX_WAIT)[0] for process in both]
            assert [process.returncode for process in both] == [0, 0], outputs
            printed.write_text(json.dumps(outputs))
    return folder, json.loads(printed.read_text())


@pytest.fixture(scope="session")
def prepared_folder(first_starts):
    """VAR_DIR of a site with database, content and static files. Copy it to change it."""
    return first_starts[0]


@pytest.fixture(scope="session")
def production_site(prepared_folder, tmp_path_factory):
    """host:port of a web process started as in production, with the project's content."""
    folder = tmp_path_factory.mktemp("production")
    shutil.copytree(prepared_folder, folder, dirs_exist_ok=True)
    with production.serving(folder) as address:
        yield address
