"""The formats in which references can be copied, by the ending of their address."""


class CitationFormat:
    """A path converter: `bib` for BibTeX, `ris` for RIS, `json` for CSL-JSON."""

    regex = "bib|ris|json"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value
