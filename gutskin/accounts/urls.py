"""Every address that allauth is given here. What is not named does not exist: no sign-up, no reset by mail.

The names are allauth's, whose own code looks its pages up by them; those that it lacks are ours.
"""

from django.urls import path

from gutskin.accounts.views import factors, invitation, login, sessions

urlpatterns = [
    path("login/", login.Login.as_view(), name="account_login"),
    path("login/passkey/", login.PasskeyLogin.as_view(), name="mfa_login_webauthn"),
    path("login/second-step/", login.SecondStep.as_view(), name="mfa_authenticate"),
    path("logout/", login.Logout.as_view(), name="account_logout"),
    path("inactive/", login.inactive, name="account_inactive"),
    path("still-here/", login.still_here, name="session_still_here"),
    path("again/", login.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("again/code/", login.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("again/passkey/", login.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("invitation/", invitation.invitation, name="account_invitation"),
    path("password/", sessions.PasswordChange.as_view(), name="account_change_password"),
    path("sessions/", sessions.session_list, name="usersessions_list"),
    path("sessions/<int:pk>/end/", sessions.session_end, name="session_end"),
    path("sessions/end-others/", sessions.session_end_others, name="session_end_others"),
    path("factors/", factors.Factors.as_view(), name="mfa_index"),
    path("factors/app/", factors.AddApp.as_view(), name="mfa_activate_totp"),
    path("factors/app/remove/", factors.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("factors/passkey/", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("factors/passkey/<int:pk>/name/", factors.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("factors/passkey/<int:pk>/remove/", factors.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("factors/recovery-codes/", factors.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("factors/recovery-codes/new/", factors.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
