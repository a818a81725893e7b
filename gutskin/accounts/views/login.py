"""Login, logout, re-authentication, and the keep-alive requests of an open page."""

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.webauthn import views as passkey_views
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator

from gutskin.accounts.allauth_internals import begin_authentication
from gutskin.accounts.forms import (
    CodeAgainForm,
    CodeForm,
    LoginForm,
    PasskeyAgainForm,
    PasskeyCheckForm,
    PasskeyLoginForm,
    PasswordAgainForm,
)
from gutskin.accounts.lockout import count_login
from gutskin.accounts.session_timeout import ends_anyway, seconds_left
from gutskin.http_methods import require_http_methods
from gutskin.rate_limits import TooManyRequests


def limited(view):
    """Decorator: counts each attempt of an address, right ones included; over the limit, it answers with a 429 page."""

    def counted(request, *args, **kwargs):
        try:
            count_login(request)
        except TooManyRequests as error:
            return error.apply_to(render(request, "accounts/too_many_logins.html", {"again_at": error.again_at}))
        return view(request, *args, **kwargs)

    return counted


class Login(account_views.LoginView):
    form_class = LoginForm
    template_name = "accounts/login.html"
    http_method_names = ["get", "head", "post"]

    @method_decorator(limited)
    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs)


class PasskeyLogin(passkey_views.LoginWebAuthnView):
    """GET gives the script what the browser needs to ask for a passkey; POST brings the answer."""

    form_class = PasskeyLoginForm
    http_method_names = ["get", "post"]

    @method_decorator(limited)
    def get(self, request, *args, **kwargs):
        return JsonResponse({"request_options": begin_authentication(user=None)})


class SecondStep(factor_views.AuthenticateView):
    form_class = CodeForm
    webauthn_form_class = PasskeyCheckForm
    template_name = "accounts/second_step.html"
    http_method_names = ["get", "head", "post"]


class PasswordAgain(account_views.ReauthenticateView):
    form_class = PasswordAgainForm
    template_name = "accounts/again.html"
    http_method_names = ["get", "head", "post"]


class CodeAgain(factor_views.ReauthenticateView):
    form_class = CodeAgainForm
    template_name = "accounts/again.html"
    http_method_names = ["get", "head", "post"]


class PasskeyAgain(passkey_views.ReauthenticateWebAuthnView):
    form_class = PasskeyAgainForm
    template_name = "accounts/again_passkey.html"
    http_method_names = ["get", "head", "post"]

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form))


class Logout(account_views.LogoutView):
    template_name = "accounts/logout.html"
    http_method_names = ["get", "head", "post"]

    def get_redirect_url(self):
        return reverse("account_login")


@require_http_methods(["GET", "HEAD", "POST"])
def still_here(request) -> HttpResponse:
    """POST: the user types or clicks on a page of staff. GET: the user comes back to one.

    Both return the seconds left in the session, whether that limit is final, and a new CSRF token.
    """
    alive = request.user.is_authenticated
    answer = {"seconds": seconds_left(request) if alive else 0, "final": alive and ends_anyway(request)}
    return JsonResponse(answer | {"token": get_token(request)})


def inactive(request) -> HttpResponse:
    """Where allauth sends a deactivated account. It gets no page of its own, so that nothing is said about it."""
    return redirect("account_login")
