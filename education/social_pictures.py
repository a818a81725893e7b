"""The picture that goes with a link in messages and social networks. docs/pictures/social/ has the drawings."""

from django.utils.translation import gettext as _

from education.models import Kind


def social_picture(kind) -> dict:
    """The static file for pages of a kind, 1200 × 630 px, and the words on it."""
    words = {
        Kind.OVERVIEW: _("GutSkin: what is the gut–skin axis?"),
        Kind.MECHANISM: _("GutSkin: how gut and skin talk"),
        Kind.CONDITION: _("GutSkin: your skin and your gut"),
        Kind.THERAPY: _("GutSkin: what may help, and how surely"),
    }
    return {"file": f"img/social-{Kind(kind).value}.png", "words": words[Kind(kind)]}
