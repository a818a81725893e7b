from django.contrib import admin
from django.urls import include, path

from gutskin import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("consult/", include("consultations.urls")),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("education.urls")),
]

handler500 = "gutskin.errors.server_error"
