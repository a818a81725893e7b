from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from gutskin.accounts.actions import delete_factors
from gutskin.audit.hash_chain import SYSTEM


class Command(BaseCommand):
    help = "Deletes an account's second factor, for when no two colleagues are left who could. It is recorded."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, username, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username!r}.")
        delete_factors(user, by=SYSTEM)
        self.stdout.write(f"{username} sets up a new second factor at the next login; all their sessions ended.")
