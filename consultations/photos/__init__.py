from consultations.photos.cleaning import CleanPhoto, clean_photo, decoder_slot
from consultations.photos.display import image_response, preview_of
from consultations.photos.exceptions import PhotoRefused

__all__ = ["CleanPhoto", "PhotoRefused", "clean_photo", "decoder_slot", "image_response", "preview_of"]
