from consultations.photos.cleaning import CleanPhoto, clean_photo
from consultations.photos.display import image_response, preview_of
from consultations.photos.exceptions import PhotoRefused

__all__ = ["CleanPhoto", "PhotoRefused", "clean_photo", "image_response", "preview_of"]
