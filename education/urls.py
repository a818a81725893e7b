from django.urls import include, path, register_converter

from education import views
from education.citation.export_formats import CitationFormat
from education.languages import LanguagePrefix
from education.leaflets.addresses import LeafletFormat
from education.sitemaps import sitemap, sitemap_part
from education.views.public import public_page

app_name = "education"
register_converter(CitationFormat, "citation")
register_converter(LeafletFormat, "leaflet")
register_converter(LanguagePrefix, "language")

# Articles have the same paths and URL names in every language; English ones have no prefix, the others have theirs.
articles = [
    path("mechanisms/", views.article_list, {"kind": "mechanism"}, name="mechanism-list"),
    path("mechanisms/<slug:slug>/", views.article_detail, {"kind": "mechanism"}, name="mechanism-detail"),
    path("mechanisms/<slug:slug>/more/", views.article_background, {"kind": "mechanism"}, name="mechanism-more"),
    path("mechanisms/<slug:slug>.jsonld", views.article_data, {"kind": "mechanism"}, name="mechanism-data"),
    path("mechanisms/<slug:slug>.<leaflet:format>", views.leaflet, {"kind": "mechanism"}, name="mechanism-leaflet"),
    path("conditions/", views.article_list, {"kind": "condition"}, name="condition-list"),
    path("conditions/<slug:slug>/", views.article_detail, {"kind": "condition"}, name="condition-detail"),
    path("conditions/<slug:slug>/more/", views.article_background, {"kind": "condition"}, name="condition-more"),
    path("conditions/<slug:slug>.jsonld", views.article_data, {"kind": "condition"}, name="condition-data"),
    path("conditions/<slug:slug>.<leaflet:format>", views.leaflet, {"kind": "condition"}, name="condition-leaflet"),
    path("therapies/", views.article_list, {"kind": "therapy"}, name="therapy-list"),
    path("therapies/<slug:slug>/", views.article_detail, {"kind": "therapy"}, name="therapy-detail"),
    path("therapies/<slug:slug>/more/", views.article_background, {"kind": "therapy"}, name="therapy-more"),
    path("therapies/<slug:slug>.jsonld", views.article_data, {"kind": "therapy"}, name="therapy-data"),
    path("therapies/<slug:slug>.<leaflet:format>", views.leaflet, {"kind": "therapy"}, name="therapy-leaflet"),
    path("feed/", views.feed, name="feed"),
    path("<slug:slug>/more/", views.article_background, {"kind": "overview"}, name="overview-more"),
    path("<slug:slug>.jsonld", views.article_data, {"kind": "overview"}, name="overview-data"),
    path("<slug:slug>.<leaflet:format>", views.leaflet, {"kind": "overview"}, name="overview-leaflet"),
    # The overview is at the same level as the addresses above and would match them, so this pattern comes last.
    path("<slug:slug>/", views.article_detail, {"kind": "overview"}, name="overview"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("evidence/", views.evidence, name="evidence"),
    path("evidence/<slug:slug>/", views.evidence_statement, name="evidence-statement"),
    path("evidence.csv", views.evidence_csv, name="evidence-csv"),
    path("evidence.json", views.evidence_json, name="evidence-json"),
    path("references/", views.reference_list, name="reference-list"),
    path("references/<slug:key>/", views.reference_detail, name="reference-detail"),
    path("references.<citation:format>", views.reference_copies, name="reference-copies"),
    path("references/<slug:key>.<citation:format>", views.reference_copy, name="reference-copy"),
    path("glossary/", views.glossary, name="glossary"),
    path("glossary/<slug:slug>/", views.glossary_term, name="glossary-term"),
    path("search/", views.search, name="search"),
    path("search/suggestions/", views.search_suggestions, name="search-suggestions"),
    path("search/feed/", views.search_feed, name="search-feed"),
    path("feedback/<int:pk>/", views.feedback_give, name="feedback-give"),
    path("feedback/<int:pk>/why/", views.feedback_why, name="feedback-why"),
    path("feedback/<int:pk>/thanks/", views.feedback_thanks, name="feedback-thanks"),
    path("experts/", views.experts, name="experts"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("emergency-numbers/", views.emergency_numbers, name="emergency-numbers"),
    path("diary/", views.diary, name="diary"),
    # No trailing slash: health records are configured with the paths of MedlinePlus Connect.
    path("connect/service", views.connect_service, name="connect-service"),
    path("connect/application", views.connect_application, name="connect-application"),
    path("sitemap.xml", public_page(sitemap), name="sitemap"),
    path("sitemap-<slug:section>.xml", public_page(query=["p"])(sitemap_part), name="sitemap-part"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("<language:language>/", views.language_home, name="language-home"),
    path("<language:language>/", include(articles)),
    # The address of the overview can be any word, so these come last.
    path("", include(articles)),
]
