from django.http import HttpResponse
from django.shortcuts import render

from education.evidence_map import Choice, as_csv, as_json, build_map, draw, published_evidence
from education.evidence_map.exports import LICENCE, data_version
from education.models import Certainty, Effect, Intervention
from education.models.evidence import UNRATED_EFFECTS
from education.structured_data import as_script, evidence_page
from education.views.public import public_page
from gutskin.open_data import open_data

# What a reader chooses in the address; see Choice.
CHOICES = ("condition", "intervention", "certainty")


@public_page(query=CHOICES)
def evidence(request):
    """The evidence map as a drawing and as a table, with every statement that it summarises below."""
    evidence_data, choice, evidence_map = _chosen_map(request)
    version = data_version(evidence_data)
    return render(
        request,
        "education/evidence.html",
        {
            "map": evidence_map,
            "drawing": draw(evidence_map),
            "choice": choice,
            "questions": _questions(evidence_data, choice),
            "licence": LICENCE,
            "version": version,
            "structured_data": as_script(
                evidence_page(evidence_data.conditions, licence_url=LICENCE["url"], version=version)
            ),
        },
    )


@open_data
@public_page(query=CHOICES)
def evidence_csv(request):
    evidence_data, _choice, evidence_map = _chosen_map(request)
    version = data_version(evidence_data)
    return _download(as_csv(evidence_map, version), "text/csv; charset=utf-8; header=present", "csv", version)


@open_data
@public_page(query=CHOICES)
def evidence_json(request):
    evidence_data, choice, evidence_map = _chosen_map(request)
    version = data_version(evidence_data)
    return _download(as_json(evidence_map, choice, version), "application/json", "json", version)


def _chosen_map(request):
    """All evidence, the reader's choice and the map of it. Three queries, however many statements there are."""
    # The map exists in English only, until there are statements in another language.
    evidence_data = published_evidence("en")
    choice = Choice.of(request.GET, evidence_data.conditions)
    return evidence_data, choice, build_map(evidence_data, choice)


def _download(text, content_type, ending, version):
    name = f"gutskin-evidence-{version}.{ending}"
    return HttpResponse(
        text,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Link": f'<{LICENCE["url"]}>; rel="license"',
        },
    )


def _questions(evidence_data, choice):
    """The filters, by their name in the address: value, label and whether it is chosen."""
    options = {
        "condition": [(article.slug, article.live.title) for article in evidence_data.conditions],
        "intervention": Intervention.choices,
        "certainty": [*Certainty.choices, *((effect.value, Effect(effect).label) for effect in UNRATED_EFFECTS)],
    }
    return {
        name: [{"value": value, "label": label, "chosen": getattr(choice, name) == value} for value, label in values]
        for name, values in options.items()
    }
