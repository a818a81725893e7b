import gc
import os
import re

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.http.multipartparser import MultiPartParserError
from django.template.base import Node
from django.template.loader import get_template
from django.urls import reverse

from gutskin.static_files import outdated_file

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gutskin.settings")
# Mail and database files that this process writes are for their owner only.
os.umask(0o077)

# No boundary holds a semicolon (RFC 2046, section 5.1.1).
BOUNDARY = re.compile(r";\s*boundary\s*=[^;]*", re.IGNORECASE)


class Request(WSGIRequest):
    def parse_file_upload(self, META, post_data):
        """A part's header with `y*=a; y*0=b` raises TypeError deep in Python's parser. The client's error: 400."""
        try:
            return super().parse_file_upload(META, post_data)
        except TypeError as error:
            raise MultiPartParserError("A part of the form has a header that cannot be read.") from error


def warm_up() -> None:
    """Reads the addresses and compiles our templates once, before gunicorn forks its workers (--preload).

    So a worker that replaces a dead one answers its first request at once. It does not query the database: workers must
    not share a connection.
    """
    if settings.DEBUG:
        return
    reverse("consultations:inquiry-create")
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for path in sorted(folder.rglob("*.html")):
            _forget_source(get_template(str(path.relative_to(folder))).template)
    # The garbage collector would write into each of these objects, and so give each worker a copy of its own.
    gc.freeze()


def _forget_source(template):
    """Only Django's page for errors shows it, with DEBUG. Two megabytes, with the place of each tag in it."""
    template.source = ""
    for node in template.nodelist.get_nodes_by_type(Node):
        node.token = None


def refuse_outdated_static_files() -> None:
    """Every page would be an error, or have yesterday's script: the machines that still run the last version go on."""
    if problem := outdated_file():
        raise ImproperlyConfigured(problem)


django_application = get_wsgi_application()
django_application.request_class = Request
refuse_outdated_static_files()
warm_up()


def without_charset(environ, start_response):
    """Drops every parameter of Content-Type but the boundary.

    Our forms are sent as UTF-8. Django would honour another `charset`, even a continued one (RFC 2231: `charset*0*=`),
    and some of them raise before any middleware could answer.
    """
    content_type = environ.get("CONTENT_TYPE", "")
    boundary = BOUNDARY.search(content_type)
    environ["CONTENT_TYPE"] = content_type.partition(";")[0] + (boundary[0] if boundary else "")
    return django_application(environ, start_response)


application = without_charset
if settings.PAGE_CACHE_BYTES:
    # Not at the top: it imports a model, and Django is not set up there yet.
    from gutskin.page_cache.wsgi import PageCache

    application = PageCache(without_charset)
