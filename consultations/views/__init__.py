from consultations.views.request import inquiry_create, inquiry_received

__all__ = ["inquiry_create", "inquiry_received"]
