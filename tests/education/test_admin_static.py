"""The editor's JavaScript modules import each other by the hashed names that production uses."""

import re

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from gutskin.static_files import StaticFiles

EDITOR = "django_prose_editor/editor.js"


def test_imports_between_js_modules_use_hashed_names(tmp_path):
    names = [f"js/{path.name}" for path in (settings.BASE_DIR / "static/js").glob("prose-*.js")]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((settings.BASE_DIR / "static" / name).read_bytes())
    (tmp_path / EDITOR).parent.mkdir()
    (tmp_path / EDITOR).write_text("export const Editor = null;")
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    source = FileSystemStorage(location=tmp_path)

    list(storage.post_process({name: (source, name) for name in [*names, EDITOR]}))

    entry = (tmp_path / storage.stored_name("js/prose-editor.js")).read_text()
    imported = re.findall(r'from "(.*?)";', entry)
    assert f"../{storage.stored_name(EDITOR)}" in imported
    assert len(imported) == 7
    for address in imported:
        assert re.search(r"\.[0-9a-f]{12}\.js$", address)
        assert (tmp_path / "js" / address).resolve().exists()
