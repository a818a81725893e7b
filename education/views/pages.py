"""Pages whose text is in their template, and the glossary."""

from itertools import groupby

from django.db.models import Count, Q, Value
from django.db.models.functions import Lower, Substr
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from education.models import Clinician, GlossaryTerm
from education.pages import PAGE, page_context, page_number_of, page_of
from education.search import one_line
from education.structured_data import (
    about_page,
    accessibility_page,
    as_script,
    diary_page,
    emergency_numbers_page,
    experts_page,
    glossary_page,
    privacy_page,
)
from education.views.public import public_page
from gutskin.emergency_numbers import home_country, known_emergencies, other_countries

# Without the texts of the articles that explain them.
SHOWN_OF_A_TERM = ["slug", "language", "term", "also", "definition"]
SHOWN_OF_A_TERM += [f"article__{name}" for name in ("kind", "slug", "language", "live__title")]


@public_page
def about(request):
    return render(request, "education/about.html", {"structured_data": as_script(about_page())})


@public_page
def privacy(request):
    return render(request, "education/privacy.html", {"structured_data": as_script(privacy_page())})


@public_page
def accessibility(request):
    return render(request, "education/accessibility.html", {"structured_data": as_script(accessibility_page())})


# Two weeks fill one sheet of paper.
DAYS_ON_A_SHEET = 14


@public_page
def diary(request):
    """A sheet to print. It has no form, because what readers write down stays with them."""
    context = {"days": range(1, DAYS_ON_A_SHEET + 1), "structured_data": as_script(diary_page())}
    return render(request, "education/diary.html", context)


@public_page
def emergency_numbers(request):
    home = home_country()
    context = {
        "known": known_emergencies(),
        "countries": [*([home] if home else []), *other_countries()],
        "structured_data": as_script(emergency_numbers_page()),
    }
    return render(request, "education/emergency_numbers.html", context)


@public_page
def experts(request):
    clinicians = list(Clinician.objects.listed())
    context = {"clinicians": clinicians, "structured_data": as_script(experts_page(clinicians))}
    return render(request, "education/experts.html", context)


TERMS_ON_A_PAGE = 100
LONGEST_WORD = 60


@public_page(query=["page", "letter"])
def glossary(request):
    letter = request.GET.get("letter", "").strip()[:1]
    found = letter and _terms().filter(name__startswith=letter.lower()).order_by("name", "pk").first()
    if found:
        return redirect("education:glossary-term", found.slug)
    rows = _terms().select_related("article__live").only(*SHOWN_OF_A_TERM)
    page = page_of(rows.order_by("name", "pk"), request, TERMS_ON_A_PAGE)
    terms = sorted(page, key=lambda term: term.term.casefold())
    groups = [
        {"letter": letter, "terms": list(group)}
        for letter, group in groupby(terms, key=lambda term: term.term[:1].upper())
    ]
    context = {"groups": groups, "structured_data": as_script(glossary_page(terms))}
    context["letters"] = _letters(page, [group["letter"] for group in groups])
    context |= {"no_letter": letter.upper(), "no_word": one_line(request.GET.get("word", ""))[:LONGEST_WORD]}
    context |= page_context(page, request.path)
    return render(request, "education/glossary.html", context)


def _letters(page, here):
    """Every first letter, with the address of its first word. On a site with pages, one query for the other pages."""
    if page.paginator.num_pages == 1:
        return {letter: f"#letter-{letter}" for letter in here}
    addresses = {}
    initials = _terms().order_by("name", "pk").values_list(Substr("term", 1, 1), flat=True)
    # SQLite has no capitals of other letters than ASCII.
    for place, letter in enumerate(map(str.upper, initials)):
        if letter not in addresses:
            number = page_number_of(place, page.paginator.count, TERMS_ON_A_PAGE)
            start = "" if number == page.number else _page_address(number)
            addresses[letter] = f"{start}#letter-{letter}"
    return addresses


def _page_address(number):
    address = reverse("education:glossary")
    return f"{address}?{PAGE}={number}" if number > 1 else address


def _terms():
    return GlossaryTerm.objects.filter(language="en").alias(name=Lower("term"))


@public_page
def glossary_term(request, slug):
    """Leads to a word of the glossary, on whichever page that is.

    One that is not there leads to the first page, which says so: published texts keep the words that they were
    published with.
    """
    address = reverse("education:glossary")
    term = _terms().filter(slug=slug).first()
    if term is None:
        return redirect(f"{address}?{urlencode({'word': slug.replace('-', ' ')})}")
    # In the database's order, which need not be that of Python.
    name = Lower(Value(term.term))
    before = Q(name__lt=name) | Q(name=name, pk__lt=term.pk)
    counts = _terms().aggregate(all=Count("pk"), before=Count("pk", filter=before))
    number = page_number_of(counts["before"], counts["all"], TERMS_ON_A_PAGE)
    return redirect(f"{_page_address(number)}#{term.slug}")
