"""What somebody typed into a form whose session has ended in the meantime: shown, so that it can be copied."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Shorter values are choices and names, which are quickly made again.
WORTH_KEEPING_CHARACTERS = 20
NEVER_SHOWN = ("password", "csrf", "code", "credential")


def keep_what_was_typed(request: HttpRequest) -> HttpResponse | None:
    """A 403 page with the longer texts of a POST, to copy; None where there are none. Nothing is stored or done.

    It offers no button that sends them again: another site could have made this POST.
    """
    typed = [text for text in _texts(request) if len(text) >= WORTH_KEEPING_CHARACTERS]
    if not typed:
        return None
    return render(request, "accounts/session_ended.html", {"typed": typed}, status=403)


def _texts(request):
    # What a script sends in the background, such as the checks of an article, is still in its page.
    if request.method != "POST" or request.headers.get("Sec-Fetch-Dest") == "empty":
        return
    for name, values in request.POST.lists():
        if not any(word in name for word in NEVER_SHOWN):
            yield from values
