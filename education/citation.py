"""References as the reader sees them, in Vancouver style (ICMJE Recommendations, NLM Citing Medicine)."""

from django.utils.translation import gettext as _

AUTHORS_SHOWN = 6


def vancouver(reference) -> str:
    """Plain text without the link: authors. Title. Journal. Year;volume(issue):pages."""
    parts = [_authors(reference), reference.title, reference.container_title, _where(reference)]
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def _authors(reference):
    shown = reference.authors[:AUTHORS_SHOWN]
    if reference.et_al or len(reference.authors) > AUTHORS_SHOWN:
        shown = [*shown, _("et al")]
    return ", ".join(shown)


def _where(reference):
    """Parts that nobody has confirmed are left out: a wrong page number sends the reader astray."""
    known = {
        name: "" if name in reference.unconfirmed_fields else getattr(reference, name)
        for name in ("year", "volume", "issue", "page")
    }
    issue = f"({known['issue']})" if known["issue"] else ""
    volume = f"{known['volume']}{issue}"
    where = str(known["year"] or "")
    if volume:
        where += f";{volume}"
    if known["page"]:
        where += f":{known['page']}"
    return where
