from consultations.views.address import address_answer
from consultations.views.inquiry import inquiry_create
from consultations.views.lost_code import code_ask, code_open
from consultations.views.photos import draft_photo, status_photo
from consultations.views.received import inquiry_received, receipt_file
from consultations.views.status import status_erased, status_page
from consultations.views.status_actions import (
    status_answer,
    status_consent,
    status_contact,
    status_download,
    status_erase,
    status_leave,
    status_message,
    status_stay,
    status_withdraw,
)
from consultations.views.status_photos import status_photos

__all__ = [
    "address_answer",
    "code_ask",
    "code_open",
    "draft_photo",
    "inquiry_create",
    "inquiry_received",
    "receipt_file",
    "status_answer",
    "status_consent",
    "status_contact",
    "status_download",
    "status_erase",
    "status_erased",
    "status_leave",
    "status_message",
    "status_page",
    "status_photo",
    "status_photos",
    "status_stay",
    "status_withdraw",
]
