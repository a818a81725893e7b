"""The page of an account in admin."""


def form_of(user, **changes):
    """What a browser posts from there."""
    moment = {"date_joined_0": "2025-08-06", "date_joined_1": "09:00:00"}
    return {"username": user.username, "is_staff": "on", "is_active": "on"} | moment | changes


def page_of(user):
    return f"/admin/auth/user/{user.pk}/change/"
