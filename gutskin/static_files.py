"""How static files are stored for production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Imports between our script modules get the hashed names too, so that no inline import map is needed."""

    support_js_module_import_aggregation = True
