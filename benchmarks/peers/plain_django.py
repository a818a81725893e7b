"""Django as `startproject` makes it, with its cache middleware around one view. The page is kept in memory."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import re_path

PAGE = (Path(os.environ["BYTES_FOLDER"]) / os.environ["ARTICLE"].strip("/") / "index.html").read_text()

settings.configure(
    SECRET_KEY="only-for-benchmarks",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    CACHE_MIDDLEWARE_SECONDS=3600,
    MIDDLEWARE=[
        # In the order of https://docs.djangoproject.com/en/5.2/ref/middleware/#middleware-ordering
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.cache.UpdateCacheMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.http.ConditionalGetMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django.middleware.cache.FetchFromCacheMiddleware",
    ],
)


def page(request):
    return HttpResponse(PAGE)


urlpatterns = [re_path("", page)]
application = get_wsgi_application()
