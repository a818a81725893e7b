"""The disk is full: users are told, what was acknowledged stays, and with free space the site goes on."""

import os
import shutil
import subprocess
from contextlib import contextmanager

from tests.faults.lab import copy_sqlite, wait_for
from tests.faults.patient import CANARY, Patient
from tests.faults.postgres import Cluster
from tests.faults.senders import Sending, line_of
from tests.faults.table import Line

# Long stories, so that the disk is full soon.
STORY = f"{CANARY}" + " itches at night" * 600
MOST, AFTERWARDS = 400, 20
LARGE, LEFT = "400m", 4_000_000
LONGEST_FILE = 8000  # blocks of 512 bytes


def run(lab) -> Line:
    disk = lab.folder / "small-disk"
    with (
        small_disk(disk) as has_disk,
        database_on(lab, disk) as (database, cluster),
        lab.site("full-disk", start=False, database=database) as site,
    ):
        if has_disk:
            make_small(disk)
        else:
            make_files_short(site, cluster)
        site.start()
        full = Sending(site, max_wait=4, tried=STORY, question=STORY)
        acknowledged = []
        while full.unavailable < 8 and len(acknowledged) < MOST:
            acknowledged += full.all(8)
        reads = [Patient(site).ask("/").status for _number in range(5)]
        if has_disk:
            assert _mount("-o", f"remount,size={LARGE}", disk)
        else:
            lift_limits(site, cluster)
        if cluster and not cluster.is_up():
            cluster.crash()
            cluster.start()
        wait_for(lambda: Patient(site).ask("/").status == 200, 30)
        after = Sending(site, max_wait=60)
        acknowledged_after = after.all(AFTERWARDS)
        after.unkept += full.unkept
        done = (
            f"{'disk' if has_disk else 'file'} full after {len(acknowledged)} requests; {full.unavailable} × 503, "
            f"{reads.count(200)} of 5 pages read; free space again, {len(acknowledged_after)} of {AFTERWARDS} more"
        )
        broken = "" if full.unavailable else "the disk was not full"
        if len(acknowledged_after) < AFTERWARDS:
            broken = "it did not go on afterwards"
        line = line_of(site, after, acknowledged + acknowledged_after, done, enough=True, broken=broken)
        line.sent = len(full.sent) + len(after.sent)
        return line


@contextmanager
def small_disk(folder):
    """A disk in memory (tmpfs). Yields False if only a folder could be made."""
    folder.mkdir()
    mounted = os.getuid() == 0 and _mount("-t", "tmpfs", "-o", f"size={LARGE}", "tmpfs", folder)
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=False)  # noqa: S603, S607  our own folder


@contextmanager
def database_on(lab, disk):
    if not lab.cluster:
        target = disk / "gutskin.sqlite3"
        copy_sqlite(lab.template.database, target)
        yield target, None
        return
    cluster = Cluster(disk / "postgres")
    cluster.start()
    try:
        cluster.take_over("full", lab.cluster, "template")
        yield cluster.url("full"), cluster
    finally:
        cluster.stop()
        shutil.rmtree(cluster.folder, ignore_errors=True)


def make_small(disk):
    used = shutil.disk_usage(disk).used
    assert _mount("-o", f"remount,size={used + LEFT}", disk)


def make_files_short(site, cluster):
    """Without the right to mount a disk: "file too large" instead of "no space left"."""
    if cluster:
        cluster.stop()
        cluster.longest_file = LONGEST_FILE
        cluster.start()
    else:
        site.before_start = f"ulimit -f {LONGEST_FILE}; "


def lift_limits(site, cluster):
    if cluster:
        cluster.crash()
        cluster.longest_file = "unlimited"
    else:
        site.stop()
        site.before_start = ""
        site.start()


def _mount(*arguments):
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0  # noqa: S603, S607  our own folder
