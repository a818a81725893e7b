from django.core.management.base import BaseCommand, CommandError

from consultations.models import Inquiry
from consultations.request_numbers import email_index


class Command(BaseCommand):
    help = "After a change of DIGEST_KEY: computes the blind index of every e-mail address again."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=100, help="Rows that are read at a time.")

    def handle(self, *, batch, **options):
        if batch < 1:
            raise CommandError("--batch takes a number from 1 on.")
        renewed = last = 0
        rows = Inquiry.objects.order_by("pk").only("public_id", "email", "email_index")
        while inquiries := list(rows.filter(pk__gt=last)[:batch]):
            for inquiry in inquiries:
                # An address never changes, so this overwrites nobody's edit.
                if (index := email_index(inquiry.email)) != inquiry.email_index:
                    renewed += Inquiry.objects.filter(pk=inquiry.pk).update(email_index=index)
            last = inquiries[-1].pk
        self.stdout.write(f"{renewed} requests are found by their address again.")
