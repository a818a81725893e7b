"""A user's own sessions, and the change of their password."""

from allauth.account import views as account_views
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from gutskin.accounts.actions import end_other_sessions, end_session, remember_session
from gutskin.accounts.forms import PasswordChangeForm
from gutskin.accounts.session_store import stored_key
from gutskin.audit.models import AuditEvent
from gutskin.http_methods import require_post, require_safe


@require_safe
def session_list(request):
    """Two queries, however many sessions there are."""
    sessions = UserSession.objects.filter(user=request.user).order_by("-created_at")
    alive = Session.objects.filter(
        session_key__in=[session.session_key for session in sessions], expire_date__gt=timezone.now()
    ).values_list("session_key", flat=True)
    open_sessions = [session for session in sessions if session.session_key in set(alive)]
    here = stored_key(request.session.session_key)
    return render(request, "accounts/sessions.html", {"sessions": open_sessions, "here": here})


@require_post(back="usersessions_list")
def session_end(request, pk):
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.session_key == stored_key(request.session.session_key):
        raise Http404
    end_session(session, by=request.user)
    messages.success(request, _("That session is ended."))
    return redirect("usersessions_list")


@require_post(back="usersessions_list")
def session_end_others(request):
    end_other_sessions(
        request.user, keep=request.session.session_key, action=AuditEvent.Action.SESSION_ENDED, detail="all others"
    )
    messages.success(request, _("You are now logged in here only."))
    return redirect("usersessions_list")


class PasswordChange(account_views.PasswordChangeView):
    form_class = PasswordChangeForm
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("mfa_index")
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_usable_password():
            messages.info(request, _("Your account has no password to change. An administrator can set one."))
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        # Django has given this session a new key.
        remember_session(self.request)
        messages.success(self.request, _("Your password is changed. You were logged out everywhere else."))
        end_other_sessions(
            self.request.user, keep=self.request.session.session_key, action=AuditEvent.Action.PASSWORD_CHANGED
        )
        return response
