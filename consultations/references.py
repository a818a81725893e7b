import secrets

# Without I, O, 0 and 1: a reference is read out on the phone.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_reference() -> str:
    """GS-XXXX-XXXX. Names a request in mail and on the phone, and opens nothing by itself."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"GS-{letters[:4]}-{letters[4:]}"
