"""The text of a page as paper needs it: nobody can press a button there, nor follow an address without its host."""

from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin

VOID = {"br"}


def for_paper(body_html: str, page_url: str) -> str:
    """The text without glossary buttons and links; links to other pages get their whole address.

    Takes the text as the page shows it and the absolute address of its page.
    """
    writer = _PaperWriter(page_url)
    writer.feed(body_html)
    writer.close()
    return "".join(writer.out)


class _PaperWriter(HTMLParser):
    def __init__(self, page_url):
        super().__init__(convert_charrefs=True)
        self.page_url = page_url
        self.out = []
        self.in_button = False
        # For each link that is open, whether it is kept.
        self.links = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "button":
            self.in_button = True
            return
        if tag == "a":
            self.links.append(attrs.get("class") != "term")
            if not self.links[-1]:
                return
            # Of a citation it would be read instead of the number that is printed.
            attrs.pop("aria-label", None)
            if not attrs.get("href", "").startswith("#"):
                attrs["href"] = urljoin(self.page_url, attrs.get("href", ""))
        pairs = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs.items())
        self.out.append(f"<{tag}{pairs}>")

    def handle_endtag(self, tag):
        if tag == "button":
            self.in_button = False
        elif tag in VOID or (tag == "a" and not (self.links and self.links.pop())):
            return
        else:
            self.out.append(f"</{tag}>")

    def handle_data(self, data):
        if not self.in_button:
            self.out.append(escape(data, quote=False))
