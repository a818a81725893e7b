"""The words a patient agrees to. If you change them, give them a new version: both are stored with each consent."""

from django.utils.translation import gettext_lazy as _lazy

STORE_HEALTH_DATA = "store_health_data"
VERSION = "2026-11"
WORDING = _lazy(
    "I agree that GutSkin stores what I have written here, including what it says about my health, so that its "
    "clinicians can read it and answer me. I can take this back at any time."
)
