"""Second factors (2fa; allauth says MFA): how allauth's authenticators behave here.

Their secrets are encrypted in the database like everything that a patient tells us.
"""

from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gutskin.encryption.cipher import decrypt, encrypt, key_id_of

NAME = "GutSkin"
# allauth does not say whose secret it encrypts, so the place (associated data) is the same for all of them.
PLACE = "mfa.authenticator.secret"
SECRETS = ("secret", "seed")


class FactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text):
        return encrypt_secret(text)

    def decrypt(self, encrypted_text):
        return decrypt_secret(encrypted_text)

    def get_totp_issuer(self):
        return NAME

    def get_totp_label(self, user):
        return user.get_username()

    def get_public_key_credential_rp_entity(self):
        """Passkeys are bound to the host configured by the operator, not to the Host header of a request."""
        return {"id": urlsplit(settings.SITE_URL).hostname, "name": NAME}

    def get_public_key_credential_user_entity(self, user):
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.get_username(), "display_name": user.get_full_name() or user.get_username()}

    def can_delete_authenticator(self, authenticator):
        """Not the last one: without a second factor, the user could not log in again."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()

    def generate_authenticator_name(self, user, type):
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1}


def encrypt_secret(text: str) -> str:
    return encrypt(text, place=PLACE)


def decrypt_secret(ciphertext: str) -> str:
    return decrypt(ciphertext, place=PLACE)


def secrets_with_older_keys(newest: str) -> list[int]:
    """Primary keys of the factors that still need a key other than `newest`."""
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", "data")
    return [pk for pk, data in rows if any(key_id_of(data[name]) != newest for name in SECRETS if name in data)]


def stored_secrets() -> list[str]:
    """The ciphertexts of all factors' secrets."""
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("data", flat=True)
    return [data[name] for data in rows for name in SECRETS if name in data]


@transaction.atomic
def reencrypt_secrets(pk: int) -> None:
    """Encrypts one factor's secrets with the newest key.

    The row is locked, so that a code used at the same moment is still recorded as used.
    """
    factor = Authenticator.objects.select_for_update().get(pk=pk)
    for name in SECRETS:
        if name in factor.data:
            factor.data[name] = encrypt_secret(decrypt_secret(factor.data[name]))
    factor.save(update_fields=["data"])
