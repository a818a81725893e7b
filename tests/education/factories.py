"""Articles and what belongs to them, with fixed, readable values."""

from django.contrib.auth.models import Permission, User
from django.utils import timezone

from education import search
from education.actions.articles import snapshot
from education.actions.publication import log_change
from education.actions.reviews import due_if_approved
from education.evidence_numbers import stored_numbers
from education.models import (
    Article,
    Clinician,
    Decision,
    EvidenceStatement,
    GlossaryTerm,
    Reference,
    RevisionState,
    SynonymGroup,
)

BODY = """
<h2>What your gut has to do with it</h2>
<p>Your gut and your skin are both <dfn data-term="skin-barrier">barriers</dfn>.<cite data-ref="zhao2025"></cite></p>
<h2>What you can do</h2>
<p>Keep using what your clinician gave you.<cite data-ref="petersen2019"></cite><cite data-ref="zhao2025"></cite></p>
"""


def make_reference(key="zhao2025", **values):
    defaults = {
        "authors": ["Zhao Y", "Yu C"],
        "title": f"The gut-skin axis, as told in {key}",
        "container_title": "International Journal of Molecular Medicine",
        "year": 2025,
        "doi": f"10.3892/{key}",
    }
    return Reference.objects.create(key=key, **defaults | values)


def make_term(slug="skin-barrier", **values):
    defaults = {"term": slug.replace("-", " "), "definition": "The outer layer of the skin. It keeps water in."}
    return GlossaryTerm.objects.create(slug=slug, **defaults | values)


def make_synonyms(*names, **values):
    return SynonymGroup.objects.create(names="\n".join(names), **values)


def make_article(slug="atopic-dermatitis", **values):
    """A working copy without problems, with the reference and the term that it uses."""
    known = set(Reference.objects.filter(key__in=("zhao2025", "petersen2019")).values_list("key", flat=True))
    for key in ("zhao2025", "petersen2019"):
        key in known or make_reference(key)
    language = values.get("language", "en")
    GlossaryTerm.objects.filter(slug="skin-barrier", language=language).exists() or make_term(language=language)
    defaults = {
        "kind": "condition",
        "title": "Eczema and your gut",
        "summary": "What is known about eczema and the microbes of the gut.",
        "key_points": "Eczema is common.\nResults conflict.\nKeep using your treatment.",
        "actions": "A photo once a week.",
        "body": BODY,
        "questions": "Which cream is right for me?",
        "conflicts_of_interest": "None known.",
    }
    return Article.objects.create(slug=slug, **defaults | values)


def make_user(username, *permissions, **values):
    user = User.objects.create_user(username, password="a long enough password", is_staff=True, **values)
    if permissions:
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def make_reviewer(username="rosa", name="Rosa Lind", **values):
    user = make_user(username, **values)
    Clinician.objects.create(user=user, name=name, credentials="MD", role="Consultant dermatologist")
    return user


def make_published_article(slug="atopic-dermatitis", **values):
    """An article submitted by one account and approved by another.

    Most tests begin with one. It is made from the rows that the two actions leave, in half of their time;
    test_factories.py compares them.
    """
    article = make_article(slug, **values)
    clinician = Clinician.objects.select_related("user").filter(name="Rosa Lind").first() or make_reviewer().clinician
    revision = snapshot(article)
    revision.state, revision.published_at = RevisionState.PUBLISHED, timezone.now()
    revision.reviewer, revision.last_reviewed = clinician, timezone.localdate()
    revision.next_review_due = due_if_approved(revision)
    revision.save()
    revision.references.add(*Reference.objects.filter(key__in=revision.reference_keys).values_list("pk", flat=True))
    revision.reviews.create(
        user=clinician.user, clinician=clinician, decision=Decision.APPROVE, next_review_due=revision.next_review_due
    )
    article.live = revision
    article.save(update_fields=["live"])
    search.index_article(article)
    log_change(article, by=clinician.user, message=f"Approved revision {revision.number}.")
    return Article.objects.get(pk=article.pk)


def make_statement(condition, **values):
    defaults = {
        "slug": "probiotics-eczema",
        "intervention_id": "probiotics",
        "outcome": "Eczema symptoms",
        "effect": "little-or-no-difference",
        "certainty": "moderate",
        "sentence": "Probiotics probably make little or no difference to eczema symptoms.",
        "why": "The review's own rating.",
        "state": "published",
    }
    references = values.pop("references", None)
    numbers = values.pop("numbers", [])
    if "intervention" in values:
        values["intervention_id"] = values.pop("intervention")
    statement = EvidenceStatement.objects.create(condition=condition, **defaults | values)
    statement.references.set(Reference.objects.filter(key="zhao2025") if references is None else references)
    for number in numbers:
        statement.numbers.create(**number)
    if numbers:
        statement.shown_numbers = stored_numbers(statement)
        statement.save()
    return statement
