from django.urls import reverse
from django.utils.translation import gettext as _

from education.addresses import absolute
from education.structured_data.breadcrumb import home_crumb
from education.structured_data.web_page import publisher, web_page

DOWNLOADS = {"text/csv": "education:evidence-csv", "application/json": "education:evidence-json"}


def evidence_page(conditions, *, licence_url: str, version: str) -> dict:
    """The evidence map as a data set with its downloads. `conditions` are the articles that are its columns."""
    path = reverse("education:evidence")
    title = _("The evidence")
    description = _(
        "What has been tested for eczema, psoriasis, rosacea and acne, how sure anybody can be, and where no trials "
        "were found."
    )
    return web_page(
        "CollectionPage",
        path=path,
        name=title,
        description=description,
        crumbs=[home_crumb()],
        mainEntity={
            "@type": "Dataset",
            "name": title,
            "description": description,
            "url": absolute(path),
            "creator": publisher(),
            "license": licence_url,
            "version": version,
            "measurementTechnique": "GRADE",
            "variableMeasured": [_("Effect"), _("Certainty of the evidence")],
            "about": [
                {"@type": "MedicalWebPage", "name": article.live.title, "url": absolute(article.get_absolute_url())}
                for article in conditions
            ],
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": format, "contentUrl": absolute(reverse(name))}
                for format, name in DOWNLOADS.items()
            ],
        },
    )
