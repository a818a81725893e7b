"""How static files are stored for production, and whether those that were collected belong to this version."""

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.utils.http import parse_etags
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

from gutskin.compression import negotiated

TO_DO = "Run `python manage.py collectstatic --noinput`."


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Imports between our script modules get the hashed names too, so that no inline import map is needed.

    The manifest has a digest of each source, so that one that was collected from other sources is noticed.
    """

    support_js_module_import_aggregation = True
    sources: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        # Everyone may read them, and nginx is another user. What else manage.py writes is for its owner only.
        super().__init__(*args, **{"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755} | kwargs)

    def post_process(self, paths, dry_run=False, **options):
        self.sources = {name: _digest(storage, path) for name, (storage, path) in paths.items()}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def save_manifest(self):
        super().save_manifest()
        manifest = json.loads(self.read_manifest()) | {"sources": self.sources}
        self.manifest_storage.delete(self.manifest_name)
        self.manifest_storage._save(self.manifest_name, ContentFile(json.dumps(manifest).encode()))


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise sends a file in an encoding with `q=0` too, and the same ETag with each of them (RFC 9110, 8.8.3)."""

    @staticmethod
    def serve(static_file, request):
        coding = _coding(static_file, request)
        etag = f'{static_file.etag[:-1]}-{coding}"' if coding else static_file.etag
        asked = request.META | {"HTTP_ACCEPT_ENCODING": coding}
        if "HTTP_IF_NONE_MATCH" in asked:
            known = {tag.removeprefix("W/") for tag in parse_etags(asked["HTTP_IF_NONE_MATCH"])}
            asked["HTTP_IF_NONE_MATCH"] = static_file.etag if known & {etag, "*"} else ""
        response = WhiteNoiseMiddleware.serve(static_file, SimpleNamespace(method=request.method, META=asked))
        if response.has_header("ETag"):
            response.headers["ETag"] = etag
        return response


def _coding(static_file, request):
    """Of those in which the file was collected, the one that the client wants; an empty string for none."""
    found = {dict(headers).get("Content-Encoding") for _pattern, _path, headers in static_file.alternatives}
    codings = tuple(coding for coding in ("br", "gzip") if coding in found)
    return negotiated(request.headers.get("Accept-Encoding", ""), codings) if codings else ""


def outdated_file() -> str:
    """What is wrong with the collected files, with the name of the first one; an empty string if nothing is.

    It reads every source, which takes a twentieth of a second: for the start of a process.
    """
    try:
        if not _has_manifest():
            return ""
        manifest = json.loads(staticfiles_storage.read_manifest() or "")
    # The storage itself reads the manifest when it is first used.
    except ValueError:
        return _manifest_is_missing()
    collected = manifest.get("sources", {})
    for name, digest in _sources():
        if collected.get(name) != digest:
            return f"The static file {name} was changed after the last collectstatic. {TO_DO}"
    return missing_file()


def missing_file() -> str:
    """The same for a process that runs: it only looks whether the files that its pages name are there."""
    if not _has_manifest():
        return ""
    if not staticfiles_storage.manifest_storage.exists(staticfiles_storage.manifest_name):
        return _manifest_is_missing()
    for name in staticfiles_storage.hashed_files.values():
        if not Path(staticfiles_storage.path(name)).is_file():
            return f"The collected static file {name} is missing. {TO_DO}"
    return ""


def _has_manifest():
    """Not in tests and with DEBUG, where files are read where they are."""
    return not settings.DEBUG and isinstance(staticfiles_storage, StaticFiles)


def _manifest_is_missing():
    return f"{Path(settings.STATIC_ROOT) / StaticFiles.manifest_name} is missing or damaged. {TO_DO}"


def _sources():
    """Name and digest of each file that collectstatic would collect. Of two with one name, the first one counts."""
    seen = set()
    for finder in get_finders():
        for path, storage in finder.list(apps.get_app_config("staticfiles").ignore_patterns):
            name = str(Path(getattr(storage, "prefix", None) or "") / path)
            if name not in seen:
                seen.add(name)
                yield name, _digest(storage, path)


def _digest(storage, path):
    with storage.open(path) as file:
        return hashlib.sha256(file.read()).hexdigest()
