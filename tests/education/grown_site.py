"""A site with a few hundred of everything. Only rows: nothing is rendered or indexed."""

from education.models import Article, EvidenceStatement, GlossaryTerm, Intervention, Reference, Revision
from tests.education.factories import make_published_article, make_statement

MANY = 130


def copies_of(article, count):
    """As published as the article, with titles from A to Z."""
    names = [f"{chr(65 + number % 26)} {article.kind} {number}" for number in range(count)]
    live = article.live
    copies = Article.objects.bulk_create(
        Article(kind=article.kind, slug=f"{article.slug}-{number}", title=name, summary="What is known.")
        for number, name in enumerate(names)
    )
    revisions = Revision.objects.bulk_create(
        Revision(
            article=copy,
            number=1,
            state="published",
            title=copy.title,
            summary=copy.summary,
            word_count=live.word_count,
            reading_grade=live.reading_grade,
            published_at=live.published_at,
            reference_keys=live.reference_keys,
        )
        for copy in copies
    )
    for copy, revision in zip(copies, revisions, strict=True):
        copy.live = revision
    Article.objects.bulk_update(copies, ["live"])
    return copies


def cite(owners, reference, through, name):
    through.objects.bulk_create(through(**{f"{name}_id": owner.pk, "reference_id": reference.pk}) for owner in owners)


def grow():
    """One therapy that was tested in every condition, one condition about which there are many statements, one paper
    that all of them cite."""
    acne = make_published_article("acne", title="Acne and your gut")
    probiotics = make_published_article("probiotics", kind="therapy", title="Probiotics")
    make_published_article("barrier", kind="mechanism", title="Barrier")
    conditions = copies_of(acne, MANY)
    copies_of(probiotics, MANY)
    make_statement(acne, therapy=probiotics)
    about = [(condition, "probiotics") for condition in conditions]
    about += [
        (conditions[0], intervention)
        for intervention in Intervention.objects.values_list("slug", flat=True)
        for _number in range(20)
    ]
    statements = EvidenceStatement.objects.bulk_create(
        EvidenceStatement(
            slug=f"statement-{number}",
            condition=condition,
            intervention_id=intervention,
            therapy=probiotics,
            outcome="Itch",
            effect="better",
            certainty="high" if number == MANY + 7 else "low",
            sentence="It may help.",
            why="The review’s own rating. " * 8,
            state="published",
        )
        for number, (condition, intervention) in enumerate(about)
    )
    paper = Reference.objects.get(key="zhao2025")
    cite(statements, paper, EvidenceStatement.references.through, "evidencestatement")
    cite(Revision.objects.filter(article__in=conditions), paper, Revision.references.through, "revision")
    Reference.objects.bulk_create(
        Reference(key=f"paper{number}", authors=[f"{chr(65 + number % 26)}uthor {number}"], title="A trial", year=2020)
        for number in range(MANY)
    )
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(slug=f"word-{number}", term=f"{chr(65 + number % 26)} word {number}", definition="A word.")
        for number in range(MANY)
    )
