import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from consultations import actions
from consultations.management.demo_data import CANNED_REPLIES, REQUESTS
from consultations.models import CannedReply, Inquiry, Status, Team
from consultations.queue.due_dates import reply_due
from consultations.red_flags import find_red_flags
from education.models import Article, Clinician

ACCOUNTS = {
    "demo-author": "Author",
    "demo-reviewer": "Clinical reviewer",
    "demo-coordinator": "Intake coordinator",
    "demo-clinician": "Clinician",
    "demo-privacy": "Privacy lead",
}
# The key of each request is derived from this and its number, so loading twice creates no request twice.
KEYS = uuid.UUID("d4b3f1a2-6a0e-4c39-9a54-0c3b7f0d2e11")
# The sentence that a step takes.
NOTES = {Status.ANSWERED: "Answered on the phone.", Status.WITHDRAWN: "She wrote that it has gone by itself."}


class Command(BaseCommand):
    help = "Creates one staff account per role, a team, and requests in every status. For a site on your own machine."

    @transaction.atomic
    def handle(self, **options):
        if settings.HTTPS:
            raise CommandError(
                "This looks like a public site (HTTPS is on). Demonstration data would be mixed with that of patients."
            )
        users = {name: self.account(name, group) for name, group in ACCOUNTS.items()}
        # Approving an article needs a clinician's signature. is_listed=False keeps this one off the public pages.
        Clinician.objects.get_or_create(
            user=users["demo-reviewer"],
            defaults={
                "name": "Demo reviewer (not a real clinician)",
                "role": "demonstration account",
                "is_listed": False,
            },
        )
        team, _is_new = Team.objects.get_or_create(name="Every topic", defaults={"takes_everything": True})
        team.members.add(users["demo-clinician"])
        for title, text in CANNED_REPLIES:
            CannedReply.objects.get_or_create(title=title, language="en", defaults={"text": text})
        made = sum(self.request(number, demo, users) for number, demo in enumerate(REQUESTS))
        self.stdout.write(f"Requests: {made} created, {len(REQUESTS) - made} already existed.")

    def account(self, name, group):
        user, is_new = get_user_model().objects.get_or_create(
            username=name,
            defaults={
                "is_staff": True,
                # Patients see this name when the account opens their request.
                "first_name": "Demo",
                "last_name": f"{group.lower()} (not a real person)",
            },
        )
        user.groups.add(Group.objects.get_or_create(name=group)[0])
        if is_new:
            # One per account: who is given the author's password must not get into the privacy lead's account.
            password = secrets.token_urlsafe(12)
            user.set_password(password)
            user.save()
            self.stdout.write(f"{name} ({group}), password {password}")
        else:
            self.stdout.write(
                f"{name} ({group}) already exists. `manage.py changepassword {name}` sets a new password."
            )
        return user

    def request(self, number, demo, users):
        key = uuid.uuid5(KEYS, str(number))
        if Inquiry.objects.filter(idempotency_key=key).exists():
            return False
        coordinator, clinician = users["demo-coordinator"], users["demo-clinician"]
        topic = Article.objects.published().filter(slug=demo.topic).first()
        inquiry = actions.submit_inquiry(
            key=key, condition=topic, answers=demo.answers, address=f"demo {number}", signs=find_red_flags(demo.answers)
        )
        if demo.urgency and demo.urgency != inquiry.urgency:
            actions.set_urgency(inquiry, to=demo.urgency, by=coordinator)
        if demo.assigned:
            actions.assign(inquiry, to=clinician, by=coordinator)
        for step in demo.steps:
            outcome = "advice_given" if step == Status.CLOSED else ""
            by = clinician if demo.assigned else coordinator
            actions.change_status(inquiry, to=step, outcome=outcome, note=NOTES.get(step, ""), by=by)
        for note in demo.notes:
            actions.add_note(inquiry, text=note, by=clinician)
        for position, (side, text) in enumerate(demo.messages):
            message = {"text": text, "key": uuid.uuid5(key, str(position))}
            if side == "patient":
                actions.receive_message(inquiry, **message)
            else:
                actions.reply(inquiry, **message, asks=True, by=clinician)
        # Backdated past the actions, which always use the present: the queue and the figures need some history.
        received_at = timezone.now() - timedelta(days=demo.days_ago)
        due_at = reply_due(received_at, inquiry.urgency)
        stored = Inquiry.objects.filter(pk=inquiry.pk)
        stored.update(received_at=received_at, waiting_since=received_at, due_at=due_at)
        stored.filter(answered_at__isnull=False).update(first_due_at=due_at)
        return True
