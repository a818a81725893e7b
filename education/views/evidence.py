from django.http import HttpResponse
from django.shortcuts import render

from education.addresses import absolute
from education.evidence_map import as_csv, as_json, build_map, chosen_evidence, draw
from education.evidence_map.exports import LICENCE, data_version
from education.models import Certainty, Effect, Intervention
from education.models.evidence import UNRATED_EFFECTS
from education.pages import page_context
from education.structured_data import as_script, evidence_page
from education.views.public import public_page
from gutskin.open_data import open_data

# What a reader chooses in the address; see Choice.
CHOICES = ("condition", "intervention", "certainty", "therapy", "letter", "page")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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
            "letters": LETTERS,
        }
        | _pages(request, evidence_data, choice),
    )


@open_data
@public_page(query=CHOICES)
def evidence_csv(request):
    evidence_data, choice, evidence_map = _chosen_map(request)
    version = data_version(evidence_data)
    part = _part(request, evidence_data, choice)
    return _download(as_csv(evidence_map, version), "text/csv; charset=utf-8; header=present", "csv", version, part)


@open_data
@public_page(query=CHOICES)
def evidence_json(request):
    evidence_data, choice, evidence_map = _chosen_map(request)
    version = data_version(evidence_data)
    part = _part(request, evidence_data, choice)
    return _download(as_json(evidence_map, choice, version, part), "application/json", "json", version, part)


def _chosen_map(request):
    """The evidence, the reader's choice and the map of it."""
    # The map exists in English only, until there are statements in another language.
    evidence_data, choice = chosen_evidence(request, "en")
    return evidence_data, choice, build_map(evidence_data, choice)


def _pages(request, evidence_data, choice):
    context = page_context(evidence_data.page, request.path, **choice.chosen)
    # A filtered map is another view of the same page, not a page to be found for itself.
    return context | ({"page_url": request.path} if choice else {})


def _part(request, evidence_data, choice) -> dict:
    """Which part of the data a file has, and the address of the next one; empty if it has everything."""
    pages = page_context(evidence_data.page, request.path, **choice.chosen)
    if not pages:
        return {}
    following = absolute(pages["next_url"]) if pages["next_url"] else None
    return {"part": pages["page_number"], "parts": pages["page_count"], "next": following}


def _download(text, content_type, ending, version, part):
    number = f"-part-{part['part']}-of-{part['parts']}" if part else ""
    name = f"gutskin-evidence-{version}{number}.{ending}"
    links = [f'<{LICENCE["url"]}>; rel="license"', *([f'<{part["next"]}>; rel="next"'] if part.get("next") else [])]
    return HttpResponse(
        text,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Link": ", ".join(links),
        },
    )


def _questions(evidence_data, choice):
    """The filters, by their name in the address: value, label and whether it is chosen."""
    options = {
        # Of thousands, nobody finds theirs in a list: then it is a field for words.
        "condition": []
        if choice.is_narrowed
        else [(article.slug, article.live.title) for article in evidence_data.conditions],
        "intervention": Intervention.choices,
        "certainty": [*Certainty.choices, *((effect.value, Effect(effect).label) for effect in UNRATED_EFFECTS)],
    }
    return {
        name: [{"value": value, "label": label, "chosen": getattr(choice, name) == value} for value, label in values]
        for name, values in options.items()
    }
