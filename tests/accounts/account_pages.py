"""The page of an account in admin."""


def form_of(user, **changes):
    """What a browser posts from there."""
    return {"username": user.username, "is_staff": "on", "is_active": "on"} | changes


def page_of(user):
    return f"/admin/auth/user/{user.pk}/change/"
