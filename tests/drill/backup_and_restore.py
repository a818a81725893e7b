"""A backup while visitors send requests, restored into an empty database as another machine would do it."""

import json
import tarfile

from tests.drill.load import Load
from tests.drill.machine import Machine
from tests.drill.table import Line, line_of
from tests.faults.stored import inside

COUNT = """
from consultations.models import Inquiry
from gutskin.audit.models import AuditEvent
result = [Inquiry.objects.count(), AuditEvent.objects.count()]
"""


def run(stack) -> Line:
    one = stack.machines[0]
    with Load(stack) as load:
        load.wait_for(150)
        before = inside(stack, COUNT)[0]
        printed = one.must_run("python manage.py backup --keep 30")
        load.wait_for(150)
    after = inside(stack, COUNT)[0]
    path = printed.partition(": ")[0]
    with tarfile.open(path) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
    stack.services.cluster.create("restored")
    elsewhere = {"DATABASE_URL": stack.services.cluster.url("restored"), "EMAIL_URL": "dummymail://"}
    other = Machine(stack.folder / "restored", stack.variables | elsewhere)
    other.must_run(f"python manage.py restore {path} && python manage.py check --database default")
    other.must_run("python manage.py verify_audit_log")
    requests, events = inside(other, COUNT)
    # The restore adds an event of its own.
    audited = int(manifest["audit"].partition(":")[0]) + 1
    broken = ""
    if (requests, events) != (manifest["requests"], audited):
        broken = f"the backup says {manifest['requests']} requests and {audited} events, restored: {requests}, {events}"
    if not before <= requests <= after or before == after:
        broken = f"{requests} requests, with {before} before and {after} after it"
    done = (
        f"{before} requests before the backup, {after} afterwards; {requests} and {events} events restored, as it says"
    )
    return line_of(load, done, broken)
