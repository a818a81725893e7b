from django.urls import reverse
from django.utils.translation import gettext as _

from education.structured_data.breadcrumb import home_crumb
from education.structured_data.clinician import person
from education.structured_data.web_page import web_page


def experts_page(clinicians) -> dict:
    """What a consultation is, and the clinicians who agreed to be listed."""
    return web_page(
        "WebPage",
        path=reverse("education:experts"),
        name=_("Ask our experts"),
        description=_(
            "What an integrated gut and skin evaluation is, what care aimed at gut microbes can and cannot do, and "
            "what happens to your request."
        ),
        crumbs=[home_crumb()],
        mentions=[person(clinician) for clinician in clinicians],
    )
