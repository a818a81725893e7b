from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from education.evidence_map import (
    CELL_PAGE,
    address_on_map,
    as_csv,
    as_json,
    build_map,
    chosen_evidence,
    draw,
)
from education.evidence_map.exports import LICENCE, statements_and_version
from education.evidence_map.parts import START, part_of
from education.evidence_map.table import STATEMENTS_ON_A_PAGE
from education.models import Certainty, Effect, EvidenceStatement
from education.models.evidence import UNRATED_EFFECTS
from education.pages import file_headers, page_context, page_of_list
from education.structured_data import as_script, evidence_page
from education.views.public import public_page
from gutskin.open_data import open_data

# What a reader chooses in the address; see Choice.
CHOICES = ("condition", "intervention", "certainty", "therapy", "letter", "page")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@public_page(query=[*CHOICES, CELL_PAGE])
def evidence(request):
    """The evidence map as a drawing and as a table, with the statements that it summarises below."""
    evidence_data, choice, evidence_map = _chosen_map(request)
    evidence_map, pages = _pages(request, evidence_data, choice, evidence_map)
    statements, version = statements_and_version(evidence_data, evidence_map.answers_to_list)
    evidence_map = evidence_map.with_listed({statement.pk: statement for statement in statements})
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
            "files_have_parts": evidence_data.page.has_other_pages() or evidence_map.has_parts,
        }
        | pages,
    )


@public_page
def evidence_statement(request, slug):
    """Leads to a statement on the map, on whichever page that is."""
    statements = EvidenceStatement.objects.published().in_language("en")
    statements = statements.filter(condition__live__isnull=False, condition__language="en")
    return redirect(address_on_map(get_object_or_404(statements.select_related("condition"), slug=slug)))


@open_data
@public_page(query=[*CHOICES, START])
def evidence_csv(request):
    """A part of the statements. Each row names the next part, so each part has a row."""
    evidence_data, choice, evidence_map = _chosen_map(request, only_answered=True)
    part = part_of(request, evidence_data, evidence_map, choice)
    statements, version = statements_and_version(evidence_data, part.answers)
    text = as_csv(part, statements, version)
    return _download(text, "text/csv; charset=utf-8; header=present", "csv", version, part)


@open_data
@public_page(query=[*CHOICES, START])
def evidence_json(request):
    evidence_data, choice, evidence_map = _chosen_map(request)
    part = part_of(request, evidence_data, evidence_map, choice)
    statements, version = statements_and_version(evidence_data, part.answers)
    text = as_json(evidence_map, choice, part, statements, version)
    return _download(text, "application/json", "json", version, part)


def _chosen_map(request, *, only_answered=False):
    """The evidence, the reader's choice and the map of it."""
    # The map exists in English only, until there are statements in another language.
    evidence_data, choice = chosen_evidence(request, "en", only_answered=only_answered)
    return evidence_data, choice, build_map(evidence_data, choice)


def _pages(request, evidence_data, choice, evidence_map):
    """The map, and the context of its pages: of its conditions or, if only one cell was chosen, of its statements."""
    has_cell_pages = evidence_map.only_cell and evidence_data.page.paginator.num_pages == 1
    if has_cell_pages:
        page = page_of_list(evidence_map.only_cell.statements, request, STATEMENTS_ON_A_PAGE, CELL_PAGE)
        evidence_map = evidence_map.at_page(page)
        context = page_context(page, request.path, CELL_PAGE, **choice.chosen)
    else:
        context = page_context(evidence_data.page, request.path, **choice.chosen)
    # A filtered map is another view of the same page, not a page to be found for itself.
    return evidence_map, context | {"has_cell_pages": has_cell_pages} | ({"page_url": request.path} if choice else {})


def _download(text, content_type, ending, version, part):
    beginning = f"-from-{part.start}" if part.start > 1 else ""
    licence = f'<{LICENCE["url"]}>; rel="license"'
    headers = file_headers(f"gutskin-evidence-{version}{beginning}", ending, part.facts, licence)
    return HttpResponse(text, content_type=content_type, headers=headers)


def _questions(evidence_data, choice):
    """The filters, by their name in the address: value, label and whether it is chosen."""
    options = {
        # Of thousands, nobody finds theirs in a list: then it is a field for words.
        "condition": evidence_data.named_conditions,
        "intervention": evidence_data.interventions,
        "certainty": [*Certainty.choices, *((effect.value, Effect(effect).label) for effect in UNRATED_EFFECTS)],
    }
    return {
        name: [{"value": value, "label": label, "chosen": getattr(choice, name) == value} for value, label in values]
        for name, values in options.items()
    }
