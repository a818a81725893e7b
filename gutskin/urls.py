from django.contrib import admin
from django.urls import include, path

from gutskin import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("gutskin.accounts.urls")),
    path("consult/", include("consultations.urls")),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("education.urls")),
]

handler400 = "gutskin.errors.bad_request"
handler403 = "gutskin.errors.permission_denied"
handler404 = "gutskin.errors.page_not_found"
handler500 = "gutskin.errors.server_error"
