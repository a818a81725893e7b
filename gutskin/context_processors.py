from django.conf import settings


def site(request):
    """What every page needs to know about the site."""
    return {
        "site_url": settings.SITE_URL,
        "clinic_phone": settings.CLINIC_PHONE,
        "opening_hours": settings.OPENING_HOURS,
        "retention_days": settings.RETENTION_DAYS,
    }
