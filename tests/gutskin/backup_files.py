"""Backups of a site that has been used, and what someone else makes of them."""

import json
import tarfile
import uuid
from io import BytesIO, StringIO

from django.core.management import call_command

from consultations import actions
from gutskin.encryption.digests import keyed_digest
from tests.consultations.factories import a_stored_photo, an_inquiry

PHOTO = b"\xff\xd8 a photo \xff\xd9"


def a_used_site():
    inquiry = an_inquiry()
    actions.receive_message(inquiry, text="Since when exactly?", key=uuid.uuid4())
    a_stored_photo(inquiry, PHOTO)
    return inquiry


def run(command, *arguments, **options):
    output = StringIO()
    call_command(command, *arguments, stdout=output, stderr=StringIO(), **options)
    return output.getvalue()


def a_backup(folder):
    run("backup", to=folder)
    return max(folder.glob("gutskin-*.tar"))


def lose_everything():
    call_command("flush", interactive=False, verbosity=0)


def parts_of(path):
    with tarfile.open(path) as tar:
        return {name: tar.extractfile(name).read() for name in tar.getnames()}


def pack(path, parts):
    with tarfile.open(path, "w") as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))


def change_manifest(path, change):
    """As another site with the same key would write it: with a signature that is right."""
    parts = parts_of(path)
    text = json.dumps(change(json.loads(parts["manifest.json"])))
    pack(path, parts | {"manifest.json": text.encode(), "signature": keyed_digest("backup", text).encode()})
