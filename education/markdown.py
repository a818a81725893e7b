"""The Markdown of education/content: CommonMark, citations `[@key; @other, p. 4]`, glossary words `[[slug|words]]`."""

import re
from html import escape

from markdown_it import MarkdownIt

from education.sanitiser import sanitise

# The citation syntax of Pandoc.
CITATION = re.compile(r"\[(@[\w-]+(?:, [^;\]]+)?(?:; ?@[\w-]+(?:, [^;\]]+)?)*)\]")
GLOSSARY_WORD = re.compile(r"\[\[([\w-]+)(?:\|([^\]]+))?\]\]")


def to_html(text: str) -> str:
    """The body as HTML, as the editor in admin would store it."""
    return sanitise(_parser().render(text))


def _parser():
    # Raw HTML is shown as text: content files need none, and what a citation needs is made below.
    parser = MarkdownIt("commonmark", {"html": False})
    # Both before links, which would otherwise take the square brackets.
    parser.inline.ruler.before("link", "citation", _citation)
    parser.inline.ruler.before("citation", "glossary_word", _glossary_word)
    return parser


def _citation(state, silent):
    match = CITATION.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        # Without the space before it: the number of a citation directly follows the words that it supports.
        state.pending = state.pending.rstrip(" ")
        for entry in match[1].split(";"):
            key, _, locator = entry.strip().removeprefix("@").partition(", ")
            place = f' data-locator="{escape(locator)}"' if locator else ""
            state.push("html_inline", "", 0).content = f'<cite data-ref="{escape(key)}"{place}></cite>'
    state.pos = match.end()
    return True


def _glossary_word(state, silent):
    match = GLOSSARY_WORD.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        slug = match[1]
        words = match[2] or slug.replace("-", " ")
        state.push("html_inline", "", 0).content = f'<dfn data-term="{escape(slug)}">{escape(words)}</dfn>'
    state.pos = match.end()
    return True
