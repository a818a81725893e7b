"""The data in parts: a part has some of the statements about the conditions of one page of the map."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404

from education.addresses import absolute
from education.evidence_map.queries import Answer
from education.pages import PAGE

START = "start"


@dataclass(frozen=True)
class Part:
    """Statements from number `start` on, counted from 1, about the conditions of page `page` of `pages`.

    `next` is the address of the next part, None for the last one.
    """

    answers: list[Answer]
    page: int
    pages: int
    start: int
    next: str | None

    @property
    def is_everything(self) -> bool:
        return self.pages == 1 and self.start == 1 and self.next is None

    @property
    def facts(self) -> dict:
        """What a file says of itself; nothing if it has everything."""
        facts = {"part": self.page, "parts": self.pages, "from": self.start, "next": self.next}
        return {} if self.is_everything else facts


def part_of(request, evidence, evidence_map, choice) -> Part:
    """The part that `?page=` and `?start=` ask for. Raises Http404 for one that is not there."""
    page, answers = evidence.page, evidence_map.answers
    start = _number(request.GET.get(START, "1"))
    stop = start + evidence_map.most_in_a_file
    if start > max(len(answers), 1):
        raise Http404
    if stop <= len(answers):
        following = {PAGE: page.number, START: stop}
    else:
        following = {PAGE: page.number + 1} if page.has_next() else {}
    return Part(
        answers=answers[start - 1 : stop - 1],
        page=page.number,
        pages=page.paginator.num_pages,
        start=start,
        next=absolute(f"{request.path}?{urlencode(choice.chosen | following)}") if following else None,
    )


def _number(text):
    # Nobody has so many statements, and Python refuses to read longer numbers.
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise Http404
    return int(text)
