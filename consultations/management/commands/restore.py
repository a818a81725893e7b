from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from consultations import backups
from consultations.models import Inquiry
from consultations.retention import erase_inquiry
from gutskin.audit.hash_chain import SYSTEM, broken_links, record
from gutskin.audit.models import AuditEvent
from gutskin.database_dump import DumpFailed


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

    def handle(self, *, file, replace, erased, since, **options):
        try:
            manifest = backups.read_manifest(file)
            if not backups.is_empty() and not replace:
                raise CommandError("There are requests in this database. Use --replace to discard them.")
            erased_references = self.references(erased) + backups.erased_since(
                datetime.fromisoformat(manifest["made_at"])
            )
            backups.restore_backup(file)
        except (DumpFailed, OSError) as error:
            raise CommandError(f"Nothing was restored. {error}") from None
        except DatabaseError as error:
            raise CommandError(f"The database failed ({type(error).__name__}). Check it before you continue.") from None
        self.migrate()
        self.check_audit_log(erased_references, since)
        # Before the keys are checked, because erasing needs none: what cannot be read must not come back either.
        self.erase_again(erased_references)
        self.check_keys()
        record(AuditEvent.Action.RESTORED, by=SYSTEM, detail=file.name)
        self.stdout.write(f"{Inquiry.objects.count()} requests, as of {manifest['made_at']}. Start the site again.")

    def references(self, erased):
        return [line.strip() for line in erased.read_text().splitlines() if line.strip()] if erased else []

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
        if missing := backups.missing_keys():
            raise CommandError(
                f"The backup is restored, but FIELD_ENCRYPTION_KEYS lacks the keys {', '.join(missing)}: what was "
                f"encrypted with them cannot be read. Add them after the newest one."
            )

    def erase_again(self, references):
        for reference in dict.fromkeys(references):
            with transaction.atomic():
                inquiry = Inquiry.objects.select_for_update().filter(reference=reference).first()
                if inquiry:
                    erase_inquiry(inquiry, by=SYSTEM)
                    self.stdout.write(f"{reference} was erased after this backup was made, and has been erased again.")
