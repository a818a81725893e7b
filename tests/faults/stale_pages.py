"""Pages change under load, on three processes of each of two machines: nobody reads the old one for long."""

import threading
import time
from contextlib import contextmanager

from tests.faults.patient import Patient
from tests.faults.stored import inside
from tests.faults.table import Line

# How many seconds after a change the old page may still be read.
ALLOWED = 1.0
READERS = 3  # of each machine
# What changes, its page, the code that changes it, and what the new page says; a status where there is none.
STEPS = [
    (
        "a word of the glossary edited",
        "/glossary/",
        "from education.models import GlossaryTerm\n"
        "GlossaryTerm.objects.filter(slug='skin-barrier').update(definition='What keeps water in, in new words.')",
        "in new words",
    ),
    (
        "a new text published",
        "/conditions/acne/",
        "from education.actions.articles import submit_for_review\n"
        "from education.actions.reviews import publish_awaiting_review\n"
        "from education.models import Article\n"
        "article = Article.objects.get(slug='acne')\n"
        "article.title = 'Acne and your gut, anew'\narticle.save()\n"
        "publish_awaiting_review(submit_for_review(article))",
        "Acne and your gut, anew",
    ),
    (
        "a page withdrawn",
        "/conditions/psoriasis/",
        "from django.contrib.auth.models import User\nfrom education.actions.articles import withdraw\n"
        "from education.models import Article\n"
        "withdraw(Article.objects.get(slug='psoriasis'), by=User.objects.create(username='ruth'), reason='Wrong.')",
        410,
    ),
    (
        "a source retracted",
        "/references/zhao2025/",
        "from education.models import Reference\n"
        "Reference.objects.filter(key='zhao2025').update(status='retracted', status_reason='The journal says so.')",
        "the journal has withdrawn this paper",
    ),
]
# The moment when the change can be seen by others is a little before this: what counts is when the commit returned.
TIMED = "import time\n{change}\nresult = time.time()"


def run(lab) -> Line:
    with (
        lab.site("stale-pages", WEB_CONCURRENCY="3") as site,
        lab.site("stale-pages-2", database=site.database, WEB_CONCURRENCY="3") as other,
    ):
        faults, seen, latest = [], 0, 0.0
        for name, path, change, expected in STEPS:
            with reading([site, other], path) as readings:
                time.sleep(1)
                changed = inside(site, TIMED.format(change=change))
                time.sleep(ALLOWED + 1)
            seen += len(readings)
            old = [asked - changed for asked, answer in readings if not is_new(answer, expected)]
            latest = max(latest, *old)
            if any(late > ALLOWED for late in old):
                faults.append(f"{name}: the old page after {max(old):.1f} s")
            if len(old) == len(readings):
                faults.append(f"{name}: never seen")
            if any(answer.status not in (200, 410) for _asked, answer in readings):
                faults.append(f"{name}: not answered")
    return Line(
        done=f"{len(STEPS)} changes while {2 * READERS} readers of six processes on two machines asked for the page "
        f"{seen} times; the last old page was asked for {max(latest, 0):.1f} s after the change",
        sent=seen,
        answers_of_500=site.answers_of_500 + other.answers_of_500,
        broken=", ".join(faults),
    )


def is_new(answer, expected):
    return answer.status == expected if isinstance(expected, int) else expected in answer.text


@contextmanager
def reading(sites, path):
    """Readers who ask for a page all the time. Gives the list of `(when it was asked for, answer)`."""
    readings, ended = [], threading.Event()

    def read(site):
        while not ended.is_set():
            asked = time.time()
            readings.append((asked, Patient(site).ask(path)))

    threads = [threading.Thread(target=read, args=(site,)) for site in sites for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield readings
    finally:
        ended.set()
        for thread in threads:
            thread.join()
