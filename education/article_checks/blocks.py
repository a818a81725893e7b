"""The text of an article, taken apart into paragraphs with their citations and links, for the checks."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

HEADINGS = {"h2", "h3"}
BLOCKS = {"p", "li", "blockquote", "ul", "ol", *HEADINGS}


@dataclass
class Block:
    """A heading, paragraph or list item: its words without citations, and the keys of the references that it cites."""

    tag: str
    text: str = ""
    keys: list[str] = field(default_factory=list)

    @property
    def is_heading(self):
        return self.tag in HEADINGS


def read(body: str) -> tuple[list[Block], list[str]]:
    """The blocks that have words or citations, and all addresses linked to. Takes HTML cleaned by `sanitise`."""
    reader = _BlockReader()
    reader.feed(body)
    reader.close()
    for block in reader.blocks:
        block.text = " ".join(block.text.split())
    return [block for block in reader.blocks if block.text or block.keys], reader.addresses


class _BlockReader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks = [Block("p")]
        self.addresses = []
        self.in_citation = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in BLOCKS:
            self.blocks.append(Block(tag))
        # Without it, the words before and after a line break would run together.
        elif tag == "br":
            self.blocks[-1].text += " "
        elif tag == "cite" and attrs.get("data-ref"):
            self.in_citation = True
            self.blocks[-1].keys.append(attrs["data-ref"])
        elif tag == "a" and attrs.get("href"):
            self.addresses.append(attrs["href"])

    def handle_endtag(self, tag):
        if tag == "cite":
            self.in_citation = False
        elif tag in BLOCKS:
            # Text after a closing tag belongs to no block that has ended, so it gets a new one.
            self.blocks.append(Block("p"))

    def handle_data(self, data):
        if not self.in_citation:
            self.blocks[-1].text += data
