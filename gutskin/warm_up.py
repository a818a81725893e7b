"""What a web worker would otherwise do at its first request, done once, before gunicorn makes its workers (--preload).

So a worker that takes the place of a dead one answers at once, and does not keep people waiting while it reads the
templates. It asks the database nothing: workers must not share a connection.
"""

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse


def warm_up() -> None:
    """Reads the addresses and compiles our own templates; they are kept by Django."""
    if settings.DEBUG:
        return
    reverse("consultations:inquiry-create")
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted(folder.rglob("*.html")):
            get_template(str(path.relative_to(folder)))
