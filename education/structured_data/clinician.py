from education.structured_data.web_page import without_empty


def person(clinician) -> dict:
    """A clinician as readers see them."""
    return without_empty(
        {
            "@type": "Person",
            "name": clinician.name,
            "honorificSuffix": clinician.credentials,
            "jobTitle": clinician.role,
        }
    )
