from django.apps import AppConfig


class EncryptionConfig(AppConfig):
    """Has no models of its own; it is an app for its command, `rotate_encryption_keys`."""

    name = "gutskin.encryption"
