from django.http import HttpResponse
from django.shortcuts import render

from education.evidence_map import Choice, as_csv, as_json, draw, known_evidence, map_of
from education.evidence_map.files import LICENCE, version_of
from education.models import Certainty, Effect, Intervention
from education.models.evidence import UNRATED_EFFECTS
from education.structured_data import as_script, evidence_page
from education.views.public import public_page


@public_page
def evidence(request):
    """The map of the evidence, drawn and as a table, and under it every statement that it sums up."""
    known, choice, evidence_map = _asked_for(request)
    version = version_of(known)
    return render(
        request,
        "education/evidence.html",
        {
            "map": evidence_map,
            "drawing": draw(evidence_map),
            "choice": choice,
            "questions": _questions(known, choice),
            "licence": LICENCE,
            "version": version,
            "structured_data": as_script(evidence_page(known.conditions, licence_url=LICENCE["url"], version=version)),
        },
    )


@public_page
def evidence_csv(request):
    known, _choice, evidence_map = _asked_for(request)
    version = version_of(known)
    return _download(as_csv(evidence_map, version), "text/csv; charset=utf-8; header=present", "csv", version)


@public_page
def evidence_json(request):
    known, choice, evidence_map = _asked_for(request)
    version = version_of(known)
    return _download(as_json(evidence_map, choice, version), "application/json", "json", version)


def _asked_for(request):
    """Three queries, however many statements there are."""
    known = known_evidence("en")
    choice = Choice.of(request.GET, known.conditions)
    return known, choice, map_of(known, choice)


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


def _questions(known, choice):
    """What can be chosen: the name in the address, and for each value its words and whether it is chosen."""
    options = {
        "condition": [(article.slug, article.live.title) for article in known.conditions],
        "intervention": Intervention.choices,
        "certainty": [*Certainty.choices, *((effect.value, Effect(effect).label) for effect in UNRATED_EFFECTS)],
    }
    return {
        name: [{"value": value, "label": label, "chosen": getattr(choice, name) == value} for value, label in values]
        for name, values in options.items()
    }
