from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from consultations import backups
from consultations.erasure import erase_inquiry
from consultations.models import Inquiry
from gutskin.audit.hash_chain import SYSTEM, broken_links, record
from gutskin.audit.models import AuditEvent
from gutskin.database_dump import DumpFailed


class Command(BaseCommand):
    help = "Puts a backup in the place of the database, and checks that it opens. Stop the site first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="Throw away what is in the database now.")
        parser.add_argument(
            "--erased", type=Path, help="A file with references, one a line: requests that are erased again afterwards."
        )
        parser.add_argument(
            "--since",
            type=int,
            default=1,
            metavar="NUMBER",
            help="Check the audit log from here on: the first event after a new DIGEST_KEY.",
        )

    def handle(self, *, file, replace, erased, since, **options):
        try:
            manifest = backups.read_manifest(file)
            if not backups.is_empty() and not replace:
                raise CommandError("There are requests in this database. With --replace they are thrown away.")
            gone = self.references(erased) + backups.erased_since(datetime.fromisoformat(manifest["made_at"]))
            backups.put_back(file)
        except (DumpFailed, OSError) as error:
            raise CommandError(f"Nothing was restored. {error}") from None
        except DatabaseError as error:
            raise CommandError(f"The database refused ({type(error).__name__}). Look at it before you go on.") from None
        self.bring_up_to_date()
        self.look_at_the_log(gone, since)
        # Needs no key: what cannot be read must not come back either.
        self.erase_again(gone)
        self.look_at_the_keys()
        record(AuditEvent.Action.RESTORED, by=SYSTEM, detail=file.name)
        self.stdout.write(f"{Inquiry.objects.count()} requests, as of {manifest['made_at']}. Start the site again.")

    def references(self, erased):
        return [line.strip() for line in erased.read_text().splitlines() if line.strip()] if erased else []

    def bring_up_to_date(self):
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(f"The backup is older than this program: {len(plan)} migrations are run.")
            call_command("migrate", interactive=False, verbosity=0)

    def look_at_the_log(self, gone, since):
        """A log that seems broken gets no new events: with another DIGEST_KEY they would break it for good."""
        if not (broken := next(broken_links(since), "")):
            return
        if gone:
            self.stdout.write("Erased after this backup, and back until they are erased again:")
            self.stdout.write("\n".join(dict.fromkeys(gone)))
        raise CommandError(
            f"It is restored, and the audit log in it does not verify: {broken} Is DIGEST_KEY right? Put it right and "
            f"restore once more with --replace, and with --erased and the references above, if there are some. If "
            f"DIGEST_KEY was changed at some time, add --since with the number of the first event after that."
        )

    def look_at_the_keys(self):
        if missing := backups.missing_keys():
            raise CommandError(
                f"It is restored, and FIELD_ENCRYPTION_KEYS lacks the keys {', '.join(missing)}: what was sealed with "
                f"them cannot be read. Put them back behind the newest one."
            )

    def erase_again(self, references):
        for reference in dict.fromkeys(references):
            with transaction.atomic():
                inquiry = Inquiry.objects.select_for_update().filter(reference=reference).first()
                if inquiry:
                    erase_inquiry(inquiry, by=SYSTEM)
                    self.stdout.write(f"{reference} was erased after this backup, and is erased again.")
