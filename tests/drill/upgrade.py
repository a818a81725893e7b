"""A service of the commit before is upgraded as the guide says, one machine after the other, while visitors come."""

import subprocess
from contextlib import contextmanager
from pathlib import Path

from tests.drill import guide
from tests.drill.load import Load
from tests.drill.stack import Stack
from tests.drill.table import Line, line_of
from tests.production import ROOT

OLDER = "The database is of an older version"


def run(stack) -> Line:
    [prepare] = guide.commands(guide.WITHOUT_CONTAINERS, "manage.py migrate")
    folder = stack.folder.parent / "upgrade"
    for machine in stack.machines:
        machine.stop()
    stack.services.cluster.create("upgrade")
    variables = stack.variables | {"DATABASE_URL": stack.services.cluster.url("upgrade")}
    with commit_before(folder / "program") as root, Stack(folder, stack.services, variables, root) as old:
        one, two = old.machines
        one.must_run(prepare)
        two.must_run(collect := prepare.rpartition("&& ")[2])
        one.start()
        two.start()
        old.start_nginx()
        with Load(old) as load:
            load.wait_for(150)
            one.must_run("python manage.py backup")
            for machine in old.machines:
                machine.root = ROOT
            too_early = one.run("python manage.py backup")
            one.must_run(prepare)
            two.must_run(collect)
            load.wait_for(100)
            for machine in old.machines:
                machine.restart()
                load.wait_for(60)
            load.wait_for(100)
        done = "backup, migrate, load_content, collectstatic, then the processes of each machine"
        broken = ""
        if too_early.returncode:
            done += "; `backup` of the new version, before migrate, said that the database is older"
            broken = "" if OLDER in too_early.stderr else f"`backup` said: {too_early.stderr.strip()[-200:]}"
        return line_of(load, done, broken)


@contextmanager
def commit_before(folder: Path):
    """The program as it was one commit ago."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    git("worktree", "add", "--detach", folder, "HEAD~1")
    try:
        yield folder
    finally:
        git("worktree", "remove", "--force", folder)


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607  git, as in a shell
    assert done.returncode == 0, f"This needs a clone with the commit before: {done.stderr.strip()}"
