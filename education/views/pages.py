"""Pages whose words stand in their template."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from education.models import Clinician
from education.views.public import public_page


@public_page
def about(request):
    return render(request, "education/about.html")


@public_page
def privacy(request):
    return render(request, "education/privacy.html")


@public_page
def accessibility(request):
    return render(request, "education/accessibility.html")


@public_page
def experts(request):
    return render(request, "education/experts.html", {"clinicians": Clinician.objects.listed()})


@public_page
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /consult/received/",
        "Disallow: /search/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")
