from consultations.photos.cleaning import CleanPhoto, clean_photo
from consultations.photos.exceptions import PhotoRefused
from consultations.photos.preview import preview_of
from consultations.photos.response import image_response

__all__ = ["CleanPhoto", "PhotoRefused", "clean_photo", "image_response", "preview_of"]
