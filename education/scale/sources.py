"""Made-up references and glossary terms."""

from collections.abc import Callable

from education.models import GlossaryTerm, Reference, ReferenceStatus
from education.scale.writing import MARK, Writer

BATCH = 2000
SURNAMES = [
    "Adeyemi",
    "Berg",
    "Castro",
    "Dogan",
    "Endo",
    "Fischer",
    "Gupta",
    "Haddad",
    "Ito",
    "Jansen",
    "Lind",
    "Okafor",
]
JOURNALS = ["Journal of Made-up Dermatology", "Gut and Skin Letters", "Annals of Small Trials", "Skin Microbes"]
# Out of a hundred references. The others are confirmed.
STATUSES = [ReferenceStatus.UNCHECKED] * 20 + [ReferenceStatus.CORRECTED] * 2 + [ReferenceStatus.RETRACTED]


def load_references(count: int, tell: Callable) -> None:
    """As many of ours as there are missing to `count`."""
    for start, stop in batches(Reference.objects.filter(loaded_digest=MARK).count(), count):
        Reference.objects.bulk_create(_reference(number) for number in range(start, stop))
        tell("references", stop, count)


def load_terms(count: int, tell: Callable) -> None:
    for start, stop in batches(GlossaryTerm.objects.filter(loaded_digest=MARK).count(), count):
        GlossaryTerm.objects.bulk_create(_term(number) for number in range(start, stop))
        tell("glossary terms", stop, count)


def batches(start: int, count: int, size: int = BATCH):
    return [(begin, min(begin + size, count)) for begin in range(start, count, size)]


def _reference(number):
    writer = Writer(f"reference {number}")
    random = writer.random
    authors = [f"{random.choice(SURNAMES)} {random.choice('ABCDEFGHJKLM')}" for _ in range(random.randint(1, 6))]
    status = STATUSES[number % 100] if number % 100 < len(STATUSES) else ReferenceStatus.CONFIRMED
    return Reference(
        key=f"{authors[0].split()[0].lower()}{random.randint(1990, 2026)}s{number}",
        authors=authors,
        et_al=random.random() < 0.3,
        title=f"A trial of {writer.one('therapy')} in {writer.one('condition')} {writer.one('place')} ({number})",
        container_title=random.choice(JOURNALS),
        year=random.randint(1990, 2026),
        volume=str(random.randint(1, 60)),
        page=f"{random.randint(1, 400)}–9",
        # 10.5555 is the prefix that Crossref keeps for examples.
        doi=f"10.5555/scale.{number}",
        pmid=str(90_000_000 + number),
        study_type="randomised trial",
        finding=writer.sentence(),
        status=status,
        status_reason="Made up for a measurement." if status == ReferenceStatus.RETRACTED else "",
        loaded_digest=MARK,
    )


def _term(number):
    writer = Writer(f"term {number}")
    name = writer.random.choice([writer.one("mechanism"), writer.one("microbe"), writer.one("condition")])
    return GlossaryTerm(
        slug=f"scale-term-{number}",
        term=f"{name} {writer.one('place')} {number}"[:80],
        also=[f"{name} type {number}"],
        definition=writer.text(2),
        loaded_digest=MARK,
    )
