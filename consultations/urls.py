from django.urls import path

from consultations import views

app_name = "consultations"

# No path contains a code or another secret, because logs, histories and referrers keep paths.
urlpatterns = [
    path("", views.inquiry_create, name="inquiry-create"),
    path("received/", views.inquiry_received, name="inquiry-received"),
    path("received/code/", views.receipt_file, name="receipt-file"),
    path("address/", views.address_answer, name="address"),
    path("code/", views.code_ask, name="code-ask"),
    path("code/open/", views.code_open, name="code-open"),
    path("photos/", views.draft_photo, name="photo-draft"),
    path("status/photos/", views.status_photos, name="status-photos"),
    path("status/photos/<uuid:public_id>/", views.status_photo, name="status-photo"),
    path("status/photos/<uuid:public_id>/small/", views.status_photo, {"small": True}, name="status-photo-small"),
    path("status/", views.status_page, name="status-page"),
    path("status/message/", views.status_message, name="status-message"),
    path("status/answer/", views.status_answer, name="status-answer"),
    path("status/contact/", views.status_contact, name="status-contact"),
    path("status/stay/", views.status_stay, name="status-stay"),
    path("status/leave/", views.status_leave, name="status-leave"),
    path("status/consent/", views.status_consent, name="status-consent"),
    path("status/withdraw/", views.status_withdraw, name="status-withdraw"),
    path("status/download/", views.status_download, name="status-download"),
    path("status/erase/", views.status_erase, name="status-erase"),
    path("status/erased/", views.status_erased, name="status-erased"),
]
