from django.contrib.sitemaps.views import sitemap
from django.urls import path

from education import views
from education.sitemaps import sitemaps

app_name = "education"

urlpatterns = [
    path("", views.home, name="home"),
    path("mechanisms/", views.article_list, {"kind": "mechanism"}, name="mechanism-list"),
    path("mechanisms/<slug:slug>/", views.article_detail, {"kind": "mechanism"}, name="mechanism-detail"),
    path("conditions/", views.article_list, {"kind": "condition"}, name="condition-list"),
    path("conditions/<slug:slug>/", views.article_detail, {"kind": "condition"}, name="condition-detail"),
    path("therapies/", views.article_list, {"kind": "therapy"}, name="therapy-list"),
    path("therapies/<slug:slug>/", views.article_detail, {"kind": "therapy"}, name="therapy-detail"),
    path("evidence/", views.evidence, name="evidence"),
    path("references/", views.reference_list, name="reference-list"),
    path("references/<slug:key>/", views.reference_detail, name="reference-detail"),
    path("glossary/", views.glossary, name="glossary"),
    path("search/", views.search, name="search"),
    path("experts/", views.experts, name="experts"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("sitemap.xml", sitemap, {"sitemaps": sitemaps}, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    # The overview stands at the root, like the other addresses above; so this pattern comes last.
    path("<slug:slug>/", views.article_detail, {"kind": "overview"}, name="overview"),
]
