"""Makes an article in the process of a site, past the page cache: `python -m benchmarks.cold_timer`; prints JSON."""

import io
import json
import statistics
import sys
import time

from django.db import connection

from benchmarks.pages import ARTICLE
from benchmarks.servers import HEADERS

# Sets Django up, so it comes before the models.
from gutskin.wsgi import django_application  # isort: skip

from education.models import Article  # isort: skip
from education.rendering import render_body  # isort: skip
from education.sanitiser import sanitise  # isort: skip

TIMES = 30


def ask() -> None:
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in HEADERS.items()}
    environ |= {"REQUEST_METHOD": "GET", "PATH_INFO": ARTICLE, "QUERY_STRING": "", "SCRIPT_NAME": ""}
    environ |= {"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1"}
    environ |= {"wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}
    statuses = []
    response = django_application(environ, lambda status, headers: statuses.append(status))
    response.close()
    if statuses != ["200 OK"]:
        raise RuntimeError(f"{ARTICLE} answered {statuses}")


def cpu(work) -> float:
    """Milliseconds of CPU, the median of many times."""
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - began))
    return statistics.median(taken[TIMES // 3 :])


def queries() -> int:
    counted = []
    with connection.execute_wrapper(lambda execute, *arguments: counted.append(1) or execute(*arguments)):
        ask()
    return len(counted)


def main():
    page = cpu(ask)
    article = Article.objects.select_related("live").get(slug=ARTICLE.strip("/").rpartition("/")[2])
    source = cpu(lambda: render_body(sanitise(article.live.body)))
    json.dump({"page": page, "source": source, "queries": queries()}, sys.stdout)


if __name__ == "__main__":
    main()
