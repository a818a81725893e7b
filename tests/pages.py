"""A parsed HTML page for tests."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """The elements of a page: `(tag, attributes)` in order, and its text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text, self.title = [], "", ""
        self._open = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        self.text += data

    def all(self, tag, **attributes):
        wanted = attributes.items()
        return [found for name, found in self.elements if name == tag and wanted <= found.items()]

    def one(self, tag, **attributes):
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def all_pages(client, address):
    """The pages of a list by rel=next, with what each says of itself."""
    while address:
        page = Page(client.get(address).content.decode())
        yield address, page
        following = [found["href"] for found in page.all("a", rel="next")]
        address = following[0] if following else None
