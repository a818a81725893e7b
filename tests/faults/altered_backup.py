"""A backup in which someone changed something: it is refused with a sentence, and the site stays as it is."""

import hashlib
import json
import random
import tarfile
from io import BytesIO

from tests import production
from tests.faults.patient import Patient
from tests.faults.senders import Sending, line_of
from tests.faults.table import Line

REFUSED = "Nothing was restored"


def run(lab) -> Line:
    with lab.site("altered-backup") as site:
        sending = Sending(site)
        acknowledged, faults = sending.all(lab.number(20)), []
        folder = site.folder / "backups"
        command(site, "backup", "--to", str(folder))
        [backup] = folder.glob("gutskin-*.tar")
        # One that came after the backup: a refused restore must not take it away.
        answers, _code = Patient(site).send_request()
        sending.sent.append(answers)
        site.stop()
        variants = alterations(backup.read_bytes(), parts_of(backup), lab.number(8))
        for name, content in variants.items():
            altered = folder / "altered.tar"
            altered.write_bytes(content)
            done = command(site, "restore", str(altered), "--replace")
            if done.returncode == 0 or REFUSED not in done.stderr or "Traceback" in done.stderr:
                faults.append(f"{name}: {done.stderr.strip().splitlines()[-1:] or 'restored'}")
        line = line_of(
            site,
            sending,
            [*acknowledged, answers],
            f"{len(variants)} backups with a changed byte, another database, an added or missing file: "
            f"{len(variants) - len(faults)} refused with a sentence; the one that nobody had touched came back",
            enough=True,
            broken="; ".join(faults),
        )
        done = command(site, "restore", str(backup), "--replace")
        came_back = site.sql("SELECT count(*) FROM consultations_inquiry")[0][0]
        if not line.broken and (done.returncode or came_back != len(acknowledged)):
            line.broken = f"the backup itself did not come back: {done.stderr.strip()}"
        return line


def alterations(content, parts, number) -> dict[str, bytes]:
    """Name -> a file that differs from the backup."""
    dice = random.Random(7)  # noqa: S311  the same bytes in every run
    manifest, database = json.loads(parts["manifest.json"]), parts["database"] + b"\0"
    fitting = json.dumps(manifest | {"sha256": hashlib.sha256(database).hexdigest()}).encode()
    found = {
        "another database": pack(parts | {"database": database}),
        "another database with its checksum": pack(parts | {"database": database, "manifest.json": fitting}),
        "a space in the manifest": pack(parts | {"manifest.json": parts["manifest.json"] + b" "}),
        "a signature of zeros": pack(parts | {"signature": b"0" * 64}),
        "no signature": pack({name: part for name, part in parts.items() if name != "signature"}),
        "no database": pack({name: part for name, part in parts.items() if name != "database"}),
        "a file more": pack(parts | {"run-me.sh": b"true"}),
        "half of the file": content[: len(content) // 2],
        "nothing": b"",
    }
    for _ in range(number):
        name = dice.choice([name for name, part in parts.items() if part])
        place = dice.randrange(len(parts[name]))
        found[f"byte {place} of {name}"] = pack(parts | {name: with_another_bit(parts[name], place)})
    return found


def with_another_bit(part, place):
    return part[:place] + bytes([part[place] ^ 1]) + part[place + 1 :]


def parts_of(path):
    with tarfile.open(path) as tar:
        return {name: tar.extractfile(name).read() for name in tar.getnames()}


def pack(parts):
    written = BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for name, part in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(part)
            tar.addfile(member, BytesIO(part))
    return written.getvalue()


def command(site, *arguments):
    return production.run("manage.py", *arguments, env=site.env)
