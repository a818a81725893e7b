"""Secrets of second factors lie in the database sealed, as everything does that a patient tells us."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from gutskin.encryption.cipher import decrypt, encrypt, key_id_of

# allauth does not say for whom it seals, so the place is the same for all of them.
PLACE = "mfa.authenticator.secret"
SECRETS = ("secret", "seed")


def seal(text: str) -> str:
    return encrypt(text, place=PLACE)


def unseal(sealed: str) -> str:
    return decrypt(sealed, place=PLACE)


def sealed_with_other_keys(newest: str) -> list[int]:
    """Which factors still need a key that is not the newest."""
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk", "data")
    return [pk for pk, data in rows if any(key_id_of(data[name]) != newest for name in SECRETS if name in data)]


@transaction.atomic
def reseal(pk: int) -> None:
    """Seals one factor's secrets with the newest key. Nobody can use the factor meanwhile, so no use of it is lost."""
    factor = Authenticator.objects.select_for_update().get(pk=pk)
    for name in SECRETS:
        if name in factor.data:
            factor.data[name] = seal(unseal(factor.data[name]))
    factor.save(update_fields=["data"])
