from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from gutskin.audit.hash_chain import also_checked, broken_links
from gutskin.audit.models import AuditEvent, AuditHead


class Command(BaseCommand):
    help = (
        "Checks that the audit log is what was written, and that no request was altered by hand. "
        "Exits with 1, and says where, when one of them was."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--expect",
            metavar="NUMBER:DIGEST",
            help="What an earlier run printed: that event must still be there, unchanged.",
        )

        parser.add_argument(
            "--since",
            type=int,
            default=1,
            metavar="NUMBER",
            help="Begin here, for example with the first event after a change of DIGEST_KEY.",
        )

    def handle(self, *, expect, since, **options):
        found = list(broken_links(since))
        if expect:
            sequence, _, digest = expect.partition(":")
            if not sequence.isdecimal():
                raise CommandError("--expect takes what an earlier run printed: a number, a colon and a digest.")
            if not AuditEvent.objects.filter(sequence=int(sequence), digest=digest).exists():
                found.append(f"Event {sequence} is not the one that an earlier run printed.")
        altered = [sentence for check in also_checked for sentence in check()]
        for sentence in found + altered:
            self.stderr.write(sentence)
        if found:
            sentence = ngettext(
                "The audit log is broken in %(count)s place.",
                "The audit log is broken in %(count)s places.",
                len(found),
            )
            raise CommandError(sentence % {"count": len(found)})
        if altered:
            raise CommandError("The audit log is intact, but what it is about was altered by hand.")
        head = AuditHead.objects.filter(pk=1).first()
        self.stdout.write(f"The audit log is intact. It ends with {head.sequence}:{head.digest}" if head else "Empty.")
