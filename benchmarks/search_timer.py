"""Times searches in the process of a site: `python -m benchmarks.search_timer` with its environment; prints JSON.

In-process, because the page cache would answer a search that was asked before. Each search is
timed next to a query for the same words that asks the database's full-text index for its ten best documents.
"""

import json
import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gutskin.settings")
django.setup()


from education.search import find  # noqa: E402
from education.search.backends import matching_ids  # noqa: E402
from education.search.parsing import parse  # noqa: E402
from education.search.synonyms import groups_by_phrase  # noqa: E402

QUERIES = [
    *("eczema", "psoriasis", "rosacea", "acne", "itching", "probiotics", "gut bacteria", "skin barrier", "leaky gut"),
    *("does dairy cause acne", "probiotics for eczema", "side effects of antibiotics", "what can I eat with rosacea"),
    *("how long until a diet helps", "stress and skin", "children", "sleep", "vitamin d", "ezcema", "xqzwv"),
]
ROUNDS = 5


def times(work) -> list[float]:
    """Milliseconds of each query: the median of the rounds."""
    taken = {query: [] for query in QUERIES}
    for number in range(ROUNDS + 1):
        for query in QUERIES:
            began = time.perf_counter()
            work(query)
            # The first round fills what is kept between searches.
            if number:
                taken[query].append(1000 * (time.perf_counter() - began))
    return sorted(map(statistics.median, taken.values()))


def main():
    synonyms = groups_by_phrase("en")
    parsed = {query: parse(query, "en", synonyms) for query in QUERIES}
    found = {"site": times(find), "index": times(lambda query: matching_ids(parsed[query], "en", limit=10))}
    json.dump({name: [each[len(each) // 2], each[len(each) * 95 // 100]] for name, each in found.items()}, sys.stdout)


if __name__ == "__main__":
    main()
