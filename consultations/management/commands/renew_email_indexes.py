from django.core.management.base import BaseCommand, CommandError

from consultations.models import Inquiry
from consultations.request_numbers import email_index, row_seal
from gutskin.encryption.cipher import EncryptionError

FIELDS = ["public_id", "reference", "receipt_digest", "email", "email_index", "seal"]


class Command(BaseCommand):
    help = "Recomputes the blind index of every e-mail address, and the seal of its row: after a change of DIGEST_KEY."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=100, help="Rows to read at a time.")

    def handle(self, *, batch, **options):
        if batch < 1:
            raise CommandError("--batch must be 1 or more.")
        renewed, unreadable, last = 0, [], 0
        rows = Inquiry.objects.order_by("pk").only(*FIELDS)
        while inquiries := list(rows.filter(pk__gt=last)[:batch]):
            for inquiry in inquiries:
                try:
                    renewed += self.renew(inquiry)
                except EncryptionError as error:
                    unreadable.append(str(error))
            last = inquiries[-1].pk
        self.stdout.write(f"{renewed} requests can be found by their address again.")
        if unreadable:
            raise CommandError(f"The addresses of {len(unreadable)} requests cannot be decrypted. {unreadable[0]}")

    def renew(self, inquiry) -> int:
        index = email_index(inquiry.email)
        if index == inquiry.email_index and inquiry.is_sealed:
            return 0
        inquiry.email_index = index
        # Its PIN cannot be checked under the new key either: without one, the patient is asked for the phone number.
        # An update without a lock: run it while the site is stopped, since a patient may correct the address.
        renewed = {"email_index": index, "seal": row_seal(inquiry), "pin_digest": ""}
        return Inquiry.objects.filter(pk=inquiry.pk).update(**renewed)
