"""The names that we use from allauth's `internal` modules, imported here and nowhere else.

allauth promises nothing about them: any release may rename them or change what they do. They were checked with
CHECKED_WITH. When another version is installed, tests/accounts/test_allauth_internals.py fails; then read allauth's
release notes, compare each name below with its source, run tests/accounts, and write the new version here.
"""

# Which methods a session was authenticated with, and when: the second-factor check and re-authentication depend on it.
from allauth.account.internal.flows.login import get_authentication_records, record_authentication

# Ends a login that waits for its second factor.
from allauth.account.internal.stagekit import clear_login

# RFC 6238 arithmetic: which time step a code belongs to, so that each is accepted once.
from allauth.mfa.totp.internal.auth import (
    clear_totp_secret,
    compare_user_code,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

# The challenges that a browser signs with a passkey.
from allauth.mfa.webauthn.internal.auth import begin_authentication, begin_registration

CHECKED_WITH = "65.21.1"

__all__ = [
    "begin_authentication",
    "begin_registration",
    "clear_login",
    "clear_totp_secret",
    "compare_user_code",
    "format_hotp_value",
    "get_authentication_records",
    "hotp_value",
    "record_authentication",
    "yield_hotp_counters_from_time",
]
