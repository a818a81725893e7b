from datetime import datetime, timedelta
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from consultations import backups
from consultations.actions import correct_contact
from consultations.models import Inquiry
from consultations.request_numbers import parse_reference
from consultations.retention import erase_inquiry
from gutskin.audit.hash_chain import SYSTEM, broken_links, record
from gutskin.audit.models import AuditEvent
from gutskin.database_dump import DumpFailed
from gutskin.heartbeats.models import ages
from gutskin.page_cache import content_version

# Heartbeats of processes that run all the time. They are written once a minute.
WORKERS = {"mail_worker": "mail worker", "scheduler": "scheduler"}
STOPPED = timedelta(minutes=2)


class Command(BaseCommand):
    help = "Replaces the database with a backup, and checks that it can be decrypted. Stop the site first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="Discard what is in the database now.")
        parser.add_argument(
            "--erased",
            type=Path,
            help="A file with one reference per line: requests to erase again afterwards.",
        )
        parser.add_argument(
            "--since",
            type=int,
            default=1,
            metavar="NUMBER",
            help="Check the audit log from this event on: the first one after DIGEST_KEY was changed.",
        )

        parser.add_argument(
            "--unverified",
            action="store_true",
            help="Accept a backup without a signature of this site: one of an older version, or from before DIGEST_KEY "
            "was changed. Whoever could write to the file may have altered it.",
        )

    def handle(self, *, file, replace, erased, since, unverified, **options):
        try:
            manifest = backups.read_manifest(file, verify=not unverified)
            if not backups.is_empty() and not replace:
                raise CommandError("This database is in use. Use --replace to discard what is in it.")
            self.warn_of_running_processes()
            listed = self.references(erased)
            erased_references = listed + backups.erased_since(datetime.fromisoformat(manifest["made_at"]))
            without_email = backups.without_email()
            backups.restore_backup(file, verify=not unverified)
        except (DumpFailed, OSError) as error:
            raise CommandError(f"Nothing was restored. {error}") from None
        except DatabaseError as error:
            raise CommandError(f"The database failed ({type(error).__name__}). Check it before you continue.") from None
        self.migrate()
        backups.end_all_access()
        # Last, so that no process goes on with a page from before.
        content_version.renew()
        self.check_audit_log(erased_references, since)
        # Before the keys are checked, because erasing needs none: what cannot be read must not come back either.
        self.erase_again(erased_references, listed)
        self.stop_mail_again(without_email)
        detail = f"{file.name}, unverified" if unverified else file.name
        record(AuditEvent.Action.RESTORED, by=SYSTEM, detail=detail)
        # The database has been replaced, and that is recorded, whether or not the keys for it are there.
        self.check_keys()
        self.stdout.write(f"{Inquiry.objects.count()} requests, as of {manifest['made_at']}. Start the site again.")
        self.stdout.write("Staff have to log in again; patients have to enter their code again.")

    def warn_of_running_processes(self):
        """A worker that still runs may write into the database while it is replaced, or mail what is not in it."""
        try:
            found = ages()
        except DatabaseError:
            # A database without this table: of an older version, or an empty one.
            return
        for name, process in WORKERS.items():
            age = found.get(name, STOPPED)
            if age < STOPPED:
                self.stderr.write(
                    f"The {process} was at work {int(age.total_seconds())} seconds ago. If it still runs, stop it, "
                    "and the web processes, and restore again."
                )

    def references(self, erased):
        """The reference numbers in the file, one per line. Any other line is refused, before anything is restored."""
        text = erased.read_text("utf-8-sig", errors="replace") if erased else ""
        lines = [line.strip() for line in text.splitlines()]
        for number, line in enumerate(lines, start=1):
            if line and not parse_reference(line):
                raise CommandError(
                    f"Nothing was restored. Line {number} of {erased} is no reference number like GS-7K4M-2XQP: {line}"
                )
        return [parse_reference(line) for line in lines if line]

    def migrate(self):
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(f"The backup is from an older version: running {len(plan)} migrations.")
            call_command("migrate", interactive=False, verbosity=0)

    def check_audit_log(self, erased_references, since):
        """Stops at a broken hash chain, before anything is recorded.

        Under a wrong DIGEST_KEY, new events would break the chain for good.
        """
        if not (broken := next(broken_links(since), "")):
            return
        if erased_references:
            self.stdout.write("Erased after this backup was made, and back until they are erased again:")
            self.stdout.write("\n".join(dict.fromkeys(erased_references)))
        raise CommandError(
            f"The backup is restored, but its audit log does not verify: {broken} Is DIGEST_KEY right? Correct it and "
            f"restore again with --replace, and with --erased and the references above, if there are any. If "
            f"DIGEST_KEY was ever changed, add --since with the number of the first event after the change."
        )

    def check_keys(self):
        if unreadable := backups.unreadable_keys():
            raise CommandError(
                f"The backup is restored, but FIELD_ENCRYPTION_KEYS lacks the keys {', '.join(unreadable)}, or has "
                f"different ones with these ids: what was encrypted with them cannot be read. Add them after the "
                f"newest one."
            )

    def erase_again(self, references, listed):
        for reference in dict.fromkeys(references):
            with transaction.atomic():
                inquiry = Inquiry.objects.select_for_update().filter(reference=reference).first()
                if inquiry:
                    erase_inquiry(inquiry, by=SYSTEM)
                    self.stdout.write(f"{reference} was erased after this backup was made, and has been erased again.")
                elif reference in listed:
                    self.stdout.write(f"{reference} is not in this backup.")

    def stop_mail_again(self, references):
        for inquiry in Inquiry.objects.filter(reference__in=references).exclude(email_index=""):
            correct_contact(inquiry, email="", by=SYSTEM)
            self.stdout.write(f"{inquiry.reference}: its patient wants no e-mail any more. The address is deleted.")
