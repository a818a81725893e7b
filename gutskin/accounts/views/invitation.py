"""Where the link of an invitation leads: choosing the first password."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from gutskin.accounts.forms import FirstPasswordForm
from gutskin.accounts.invitations import accept_invitation, find_invitation
from gutskin.http_methods import require_http_methods


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request):
    """GET with `key`, the secret of the link, shows the form; POST with `key` and the password twice uses it up.

    The secret is in the query string, not in the path, because logs contain paths.
    """
    token = request.POST.get("key") or request.GET.get("key", "")
    found = find_invitation(token)
    if found is None:
        return render(request, "accounts/invitation_over.html", status=410)
    form = FirstPasswordForm(found.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not accept_invitation(found, form.cleaned_data["new_password1"]):
            return render(request, "accounts/invitation_over.html", status=410)
        messages.success(request, _("Your password is set. Log in with it now; then you set up a second factor."))
        return redirect("account_login")
    response = render(request, "accounts/invitation.html", {"form": form, "invitation": found, "token": token})
    # The address contains the secret, so the next page must not see it as the referrer. Not "no-referrer": with it,
    # browsers send the form with `Origin: null`, which Django's CSRF check refuses.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
