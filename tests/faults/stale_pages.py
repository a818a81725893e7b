"""Pages change under load, on three processes of each of two machines: nobody reads the old one for long."""

import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

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


# The clock of the processes is set forward, so that the last day of a review ends while they are read. It begins to run
# when it is first asked for the time.
SET_FORWARD = """
import datetime, time, time_machine
time_machine.travel(datetime.datetime.now(datetime.UTC) + {forward!r}).start()
time.time()
"""
BEFORE_MIDNIGHT = timedelta(seconds=60)  # enough for two sites to start
REVIEW_ENDS_TODAY = (
    "from django.contrib.auth.models import User\nfrom django.utils import timezone\n"
    "from education.models import Clinician, Revision\n"
    "rosa = User.objects.create(username='rosa')\n"
    "rosa = Clinician.objects.create(user=rosa, name='Rosa Lind', role='Dermatologist')\n"
    "today = timezone.localdate()\n"
    "due = {'reviewer': rosa, 'last_reviewed': today, 'next_review_due': today}\n"
    "result = Revision.objects.filter(article__slug='rosacea', state='published').update(**due)"
)


def run(lab) -> Line:
    counts, faults = Counts(), []
    with (
        lab.site("stale-pages", WEB_CONCURRENCY="3") as site,
        lab.site("stale-pages-2", database=site.database, WEB_CONCURRENCY="3") as other,
    ):
        for name, path, change, expected in STEPS:
            with reading([site, other], path) as readings:
                time.sleep(1)
                changed = inside(site, TIMED.format(change=change))
                time.sleep(ALLOWED + 1)
            faults += counts.faults_of(name, readings, changed, expected)
        answers_of_500 = site.answers_of_500 + other.answers_of_500
    with (
        lab.site("stale-days", start=False, WEB_CONCURRENCY="3") as site,
        lab.site("stale-days-2", start=False, database=site.database, WEB_CONCURRENCY="3") as other,
    ):
        midnight = set_forward([site, other])
        site.start()
        other.start()
        assert inside(site, REVIEW_ENDS_TODAY) == 1
        assert time.time() < midnight - 2, "The sites took longer to start than this test gives them."
        time.sleep(midnight - 2 - time.time())
        with reading([site, other], "/conditions/rosacea/") as readings:
            time.sleep(2 + ALLOWED + 1)
        faults += counts.faults_of("a review date passed", readings, midnight, "This page is past its review date.")
        answers_of_500 += site.answers_of_500 + other.answers_of_500
    return Line(
        done=f"{len(STEPS) + 1} changes, one of them a day that ended, while {2 * READERS} readers of six processes on "
        f"two machines asked for the page {counts.seen} times; the last old page was asked for {counts.latest:.1f} s "
        "after the change",
        sent=counts.seen,
        answers_of_500=answers_of_500,
        broken=", ".join(faults),
    )


class Counts:
    """How many answers were read, and how long after its change the last old one was asked for."""

    def __init__(self):
        self.seen, self.latest = 0, 0.0

    def faults_of(self, name, readings, changed, expected):
        old = [asked - changed for asked, answer in readings if not is_new(answer, expected)]
        self.seen += len(readings)
        self.latest = max(self.latest, *old)
        if any(late > ALLOWED for late in old):
            yield f"{name}: the old page after {max(old):.1f} s"
        if len(old) == len(readings):
            yield f"{name}: never seen"
        if any(answer.status not in (200, 410) for _asked, answer in readings):
            yield f"{name}: not answered"


def set_forward(sites) -> float:
    """Gives the processes of the sites a clock on which a day ends soon. Returns when that is, by ours."""
    now = datetime.now(ZoneInfo("Europe/London"))
    tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
    forward = tomorrow - now - BEFORE_MIDNIGHT
    for site in sites:
        # Python imports a module of this name when it starts.
        (site.folder / "sitecustomize.py").write_text(SET_FORWARD.format(forward=forward))
        site.env["PYTHONPATH"] = str(site.folder)
    return (now + BEFORE_MIDNIGHT).timestamp()


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
