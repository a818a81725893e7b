"""A photo on its way to a page of ours."""

from django.http import HttpResponse

# An image needs nothing else, whatever a browser takes it for.
SANDBOX = "default-src 'none'; sandbox"


def image_response(content: bytes) -> HttpResponse:
    """To be looked at, not to be saved, framed or found. `nosniff` and `no-store` come from the middleware."""
    response = HttpResponse(content, content_type="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
