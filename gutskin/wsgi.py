import os
import re

from django.core.wsgi import get_wsgi_application

from gutskin.warm_up import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gutskin.settings")

CHARACTER_SET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)

django_application = get_wsgi_application()
warm_up()


def application(environ, start_response):
    """Our forms come in UTF-8. Django believes another name, and some raise before any middleware could answer."""
    environ["CONTENT_TYPE"] = CHARACTER_SET.sub("", environ.get("CONTENT_TYPE", ""))
    return django_application(environ, start_response)
