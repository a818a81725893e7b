"""What a revision changes, word by word, for a reviewer who compares it with the live page."""

import re
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import accumulate

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from education.models import Article, CareCard
from gutskin import limits

# A line break, or a word with the space after it: joined again, the tokens give the whole text.
TOKEN = re.compile(r"\n|[^\s]+ ?")
# As in Markdown, so that a change from a paragraph to a heading is visible in plain text.
LINE_BEFORE = {"p": "", "h2": "## ", "h3": "### ", "li": "• ", "blockquote": "> ", "br": ""}


def differences(revision, against=None, all_parts=None):
    """Every part that a reader sees, as dicts with `name`, `html` (with <ins> and <del>) and `changed`.

    Without a revision to compare with, the text has no marks. `all_parts` are PARTS of something else.
    """
    parts = []
    for name, read in all_parts or PARTS:
        new = _with_plain_line_ends(read(revision))
        old = _with_plain_line_ends(read(against)) if against else new
        if new or old:
            parts.append({"name": name(), "html": marked(old, new), "changed": old != new})
    return parts


def _with_plain_line_ends(text):
    """Some texts come from files and some from browsers, which send each line break as two characters."""
    return "\n".join(text.strip().splitlines())


def marked(old: str, new: str) -> str:
    """Both texts in one: removed words in <del>, added words in <ins>, and line breaks kept."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    pieces, i, j = [], 0, 0
    for a, b, size in [*_equal_parts(_words(before), _words(after)), (len(before), len(after), 0)]:
        # A replacement is shown as the removed words followed by the added ones.
        if i < a:
            pieces.append(_mark("del", _("removed:"), before[i:a]))
        if j < b:
            pieces.append(_mark("ins", _("added:"), after[j:b]))
        i, j = a + size, b + size
        pieces.append("".join(after[b:j]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _equal_parts(before, after):
    """Triples in order: `size` words from `before[a]` on are those from `after[b]` on, as SequenceMatcher finds them.

    SequenceMatcher alone would take minutes for a text of one word two thousand times. Here the steps are counted: when
    limits.MOST_COMPARISONS are used up, the rest is shown as removed and added as a whole.
    """
    start = _same_at_the_start(before, after)
    end = _same_at_the_start(before[start:][::-1], after[start:][::-1])
    # Without autojunk, which in long texts ignores words that are frequent: here they matter.
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    # What each word of `before` costs: it is compared with all its places in `after`. Summed up from the left.
    costs = [0, *accumulate(1 + len(matcher.b2j.get(word, ())) for word in before)]
    left = limits.MOST_COMPARISONS
    parts = [(0, 0, start), (len(before) - end, len(after) - end, end)]
    waiting = [(start, len(before) - end, start, len(after) - end)]
    while waiting:
        i1, i2, j1, j2 = waiting.pop()
        left -= costs[i2] - costs[i1]
        if i1 == i2 or j1 == j2 or left < 0:
            continue
        a, b, size = matcher.find_longest_match(i1, i2, j1, j2)
        if size:
            parts.append((a, b, size))
            waiting += [(i1, a, j1, b), (a + size, i2, b + size, j2)]
    return sorted(parts)


def _same_at_the_start(one, other):
    pairs = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _words(tokens):
    """A word at the end of a line equals the same word before a space."""
    return [token.strip(" ") for token in tokens]


def _mark(tag, word, tokens):
    """Many screen readers do not announce <ins> and <del>, so each has a word that only they read."""
    return format_html('<{0}><span class="visually-hidden">{1} </span>{2}</{0}>', tag, word, "".join(tokens))


def reading_text(body: str) -> str:
    """The body as plain text that still shows headings, lists, citations, links and glossary words to a reviewer."""
    reader = _ReviewersText()
    reader.feed(body)
    reader.close()
    lines = ("".join(reader.out)).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


class _ReviewersText(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out = []
        self.endings = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in LINE_BEFORE:
            # A paragraph inside a list item is on the item's line.
            inside_item = tag == "p" and self.out and self.out[-1] == "• "
            self.out.append("" if inside_item else "\n")
            self.out.append(LINE_BEFORE[tag])
        elif tag == "cite" and attrs.get("data-ref"):
            place = ", ".join(filter(None, [attrs["data-ref"], attrs.get("data-locator")]))
            self.out.append(f" [{place}]")
        if tag == "a":
            self.endings.append(f" <{attrs.get('href', '')}>")
        elif tag == "dfn":
            self.endings.append(f" ({_('glossary:')} {attrs.get('data-term', '')})")

    def handle_endtag(self, tag):
        if tag in {"a", "dfn"} and self.endings:
            self.out.append(self.endings.pop())
        elif tag in {"p", "h2", "h3", "li"}:
            self.out.append("\n")

    def handle_data(self, data):
        self.out.append(data)


def _care_cards(revision):
    return "\n".join(
        "\n".join(
            filter(
                None,
                [
                    f"{CareCard.Level(card['level']).label}: {card['heading']}",
                    *(f"• {item}" for item in card["items"]),
                    card["advice"],
                ],
            )
        )
        for card in revision.care_cards
    )


def _related(revision):
    titles = dict(Article.objects.filter(pk__in=revision.related_ids).values_list("pk", "title"))
    return "\n".join(titles[pk] for pk in revision.related_ids if pk in titles)


def _glossary(revision):
    return "\n".join(f"{entry['term']}: {entry['definition']}" for entry in revision.glossary)


# Functions instead of strings: the names are translated when a page is shown, not when the module is imported.
PARTS = [
    (lambda: _("Title"), lambda revision: revision.title),
    (lambda: _("Summary"), lambda revision: revision.summary),
    (lambda: _("In short"), lambda revision: "\n".join(revision.key_points)),
    (lambda: _("What you can do"), lambda revision: "\n".join(revision.actions)),
    (lambda: _("Text"), lambda revision: reading_text(revision.body)),
    (lambda: _("Care cards"), _care_cards),
    (lambda: _("Questions to take to your clinician"), lambda revision: "\n".join(revision.questions)),
    (lambda: _("Glossary words explained on the page"), _glossary),
    (lambda: _("References in order of citation"), lambda revision: "\n".join(revision.reference_keys)),
    (lambda: _("Related articles"), _related),
    (lambda: _("Conflicts of interest"), lambda revision: revision.conflicts_of_interest),
]
