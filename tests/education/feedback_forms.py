"""What a browser posts when a reader says whether a page was helpful."""

from education.models import Feedback
from tests.pages import Page

WORDS = "I could not find out what it means for children."


def give(client, revision, helpful, **headers):
    return client.post(f"/feedback/{revision.pk}/", {"helpful": helpful}, headers=headers)


def open_why(client, revision):
    """What the form with the question why would post, as opened in one tab."""
    page = Page(client.get(f"/feedback/{revision.pk}/why/").content.decode())
    return {"nonce": page.one("input", name="nonce")["value"], "reason": "", "words": ""}


def explain(client, revision, form, **values):
    return client.post(f"/feedback/{revision.pk}/why/", form | values)


def answers():
    return sorted(Feedback.objects.values_list("is_helpful", "reason", "words"))
