from django.core.management.base import BaseCommand, CommandError

from consultations.models import Inquiry
from consultations.request_numbers import email_index


class Command(BaseCommand):
    help = "Recomputes the blind index of every e-mail address. Needed after a change of DIGEST_KEY."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=100, help="Rows to read at a time.")

    def handle(self, *, batch, **options):
        if batch < 1:
            raise CommandError("--batch must be 1 or more.")
        renewed = last = 0
        rows = Inquiry.objects.order_by("pk").only("public_id", "email", "email_index")
        while inquiries := list(rows.filter(pk__gt=last)[:batch]):
            for inquiry in inquiries:
                # An update without a lock is safe: the address of a request never changes.
                if (index := email_index(inquiry.email)) != inquiry.email_index:
                    renewed += Inquiry.objects.filter(pk=inquiry.pk).update(email_index=index)
            last = inquiries[-1].pk
        self.stdout.write(f"{renewed} requests can be found by their address again.")
