"""Permission checks where Django's decorators do not reach: in views of a ModelAdmin and in its forms."""

from django.core.exceptions import PermissionDenied


def require_permission(allowed: bool) -> None:
    """Raises PermissionDenied, which is answered with 403, unless `allowed`."""
    if not allowed:
        raise PermissionDenied
