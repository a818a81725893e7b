"""Renders an article's body as HTML for readers, once, when a revision is submitted for review.

Reading pages therefore render nothing, and a published text cannot change when this code does.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from education.anchors import lasting_address

VOID = {"br"}
BLOCKS = {"p", "h2", "h3", "li", "blockquote", "br", "ul", "ol"}
# Matches exactly what _BodyRenderer._citation writes; change both together, or frozen texts can no longer be marked.
CITATION = re.compile(
    r'(?P<start><a class="citation" id="cite-(?P<number>\d+)-\d+" href="#ref-\d+" aria-label="[^"]*)">'
    r"(?P<shown>[^<]*)</a>"
)
# A word that _BodyRenderer._glossary_word wrote, up to its second copy of the words.
GLOSSARY_WORD = re.compile(
    r'<button type="button" class="term" popovertarget="term-(?P<slug>[^"]*)" hidden>.*?</button>'
    r'<a class="term" href="[^"]*">',
    re.DOTALL,
)
# Browsers may break a line between a button and the full stop after it, so both are put into one element.
GLOSSARY_WORD_WITH_PUNCTUATION = re.compile(r"([(“‘]?)(<dfn>.*?</dfn>)([.,;:!?)”’]*)", re.DOTALL)


@dataclass
class Rendered:
    """`contents` has the headings (id, text, level); the other lists what the body cites, in order."""

    html: str = ""
    contents: list = field(default_factory=list)
    reference_keys: list = field(default_factory=list)
    glossary_slugs: list = field(default_factory=list)


def render_body(body: str) -> Rendered:
    """Number the citations in order of appearance, and add anchors to headings and buttons to glossary words.

    The body must have been through `education.sanitiser.sanitise`: tags and attributes are written out as they are.
    """
    renderer = _BodyRenderer()
    renderer.feed(body)
    renderer.close()
    renderer.rendered.html = GLOSSARY_WORD_WITH_PUNCTUATION.sub(_kept_together, "".join(renderer.out))
    return renderer.rendered


def plain_text(html: str) -> str:
    """The words of an HTML text without citations, one line for each block."""
    extractor = _TextExtractor()
    extractor.feed(html)
    extractor.close()
    lines = "".join(extractor.out).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def mark_retracted(html: str, numbers: set[int]) -> str:
    """Rendered HTML with the word “retracted” added to the citations of these numbers, visibly and in their label."""
    word = escape(_("retracted"))

    def marked(match):
        if int(match["number"]) not in numbers:
            return match[0]
        return f'{match["start"]}, {word}">{match["shown"]} <span class="citation__flag">{word}</span></a>'

    return CITATION.sub(marked, html)


def link_glossary_words(html: str, url: str) -> str:
    """Rendered HTML whose glossary words are links to the page of their definitions, and nothing else."""
    return GLOSSARY_WORD.sub(lambda match: f'<a class="term" href="{url}#{match["slug"]}">', html)


def _kept_together(match):
    before, word, after = match.groups()
    return f'<span class="keep">{match[0]}</span>' if before or after else word


class _BodyRenderer(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out = []
        self.rendered = Rendered()
        self.times_cited = Counter()
        self.anchors = Counter()
        # The words of a heading or glossary word are held back until its end, because its opening tag depends on them.
        self.held = None
        self.term = None
        self.in_citation = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in {"h2", "h3"}:
            self.held = []
        elif tag == "cite":
            # A <cite> without a key was pasted from elsewhere: keep only its words. The same goes for <dfn>.
            if key := attrs.get("data-ref"):
                self.in_citation = True
                self._write(self._citation(key, attrs.get("data-locator", "")))
        elif tag == "dfn":
            if slug := attrs.get("data-term"):
                self.term = (slug, [])
        else:
            if tag == "a" and "href" in attrs:
                attrs["href"] = lasting_address(attrs["href"] or "")
            pairs = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs.items())
            self._write(f"<{tag}{pairs}>")

    def handle_endtag(self, tag):
        if tag in {"h2", "h3"}:
            words, self.held = "".join(self.held or []), None
            self._write(self._heading(tag, words))
        elif tag == "cite":
            self.in_citation = False
        elif tag == "dfn":
            if self.term:
                (slug, words), self.term = self.term, None
                self._write(self._glossary_word(slug, "".join(words)))
        elif tag not in VOID:
            self._write(f"</{tag}>")

    def handle_data(self, data):
        if not self.in_citation:
            self._write(escape(data, quote=False))

    def _write(self, html):
        if self.term is not None:
            self.term[1].append(html)
        elif self.held is not None:
            self.held.append(html)
        else:
            self.out.append(html)

    def _heading(self, tag, words):
        text = plain_text(words)
        # A heading such as “???” has nothing that could be part of an anchor.
        anchor = slugify(text, allow_unicode=True) or "section"
        # Two headings may have the same words; ids on a page have to be unique.
        self.anchors[anchor] += 1
        if self.anchors[anchor] > 1:
            anchor = f"{anchor}-{self.anchors[anchor]}"
        self.rendered.contents.append({"id": anchor, "text": text, "level": int(tag[1])})
        return f'<{tag} id="{escape(anchor)}">{words}</{tag}>'

    def _citation(self, key, locator):
        keys = self.rendered.reference_keys
        if key not in keys:
            keys.append(key)
        number = keys.index(key) + 1
        # Each citation has an id of its own, because the list of references links back to all of them.
        self.times_cited[number] += 1
        shown = f"[{number}, {locator}]" if locator else f"[{number}]"
        label = _("Reference %(number)s") % {"number": shown}
        return (
            f'<a class="citation" id="cite-{number}-{self.times_cited[number]}" href="#ref-{number}"'
            f' aria-label="{escape(label)}">{escape(shown)}</a>'
        )

    def _glossary_word(self, slug, words):
        """A button that opens the definition as a popover, or a link in browsers without popovers: CSS decides."""
        if slug not in self.rendered.glossary_slugs:
            self.rendered.glossary_slugs.append(slug)
        address, slug = escape(_term_address(slug)), escape(slug)
        return (
            f'<dfn><button type="button" class="term" popovertarget="term-{slug}" hidden>{words}</button>'
            f'<a class="term" href="{address}">{words}</a></dfn>'
        )


def _term_address(slug):
    return lasting_address(f"{reverse('education:glossary')}#{slug}")


class _TextExtractor(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out = []
        self.in_citation = False

    def handle_starttag(self, tag, attrs):
        if tag == "cite":
            self.in_citation = bool(dict(attrs).get("data-ref"))
        elif tag in BLOCKS:
            self.out.append("\n")

    def handle_endtag(self, tag):
        if tag == "cite":
            self.in_citation = False
        elif tag in BLOCKS:
            self.out.append("\n")

    def handle_data(self, data):
        if not self.in_citation:
            self.out.append(data)
