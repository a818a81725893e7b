"""Key rotation: everything encrypted is encrypted again with the newest key, while the site is in use.

Each value is replaced only if it still is what was read (compare and swap): an edit that came in between wins, and is
encrypted with the newest key anyway.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from gutskin.accounts import mfa_adapter
from gutskin.encryption.cipher import EncryptionError, is_readable, key_id_of
from gutskin.encryption.fields import Ciphertext, EncryptedBinaryField, EncryptedField


@dataclass
class Rotation:
    """What one run found and did."""

    reencrypted: int = 0
    changed_in_between: int = 0
    # By key id: how many values are still encrypted with a key that is not the newest.
    left: Counter = field(default_factory=Counter)
    # Model, primary key and field of what cannot be decrypted with the keys there are.
    unreadable: list[str] = field(default_factory=list)


def encrypted_models() -> list[tuple[type[models.Model], list[EncryptedField]]]:
    """Every model with encrypted fields, and those fields."""
    found = []
    for model in apps.get_models():
        fields = [one for one in model._meta.fields if isinstance(one, EncryptedField)]
        if fields:
            found.append((model, fields))
    return found


def _existing_models():
    """Those that have a table and columns: a backup is also made by a new version, before it migrates the database."""
    tables, existing = connection.introspection.table_names(), []
    with connection.cursor() as cursor:
        for model, fields in encrypted_models():
            table = model._meta.db_table
            if table in tables:
                # Django's own description of a table stumbles over our constraints on SQLite.
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")  # noqa: S608  our own name
                columns = {column[0] for column in cursor.description}
                existing.append((model, [one for one in fields if one.column in columns]))
    return existing


def newest_key_id() -> str:
    return next(iter(settings.FIELD_ENCRYPTION_KEYS))


def rotate(*, batch: int = 100, dry_run: bool = False, progress=lambda model: None) -> Rotation:
    """Encrypts again, `batch` rows at a time, and counts afterwards what still needs an older key.

    `dry_run` only counts. `progress` is called with the label of each model. A process that has not been restarted yet
    keeps encrypting with the key it knows: that is why the count comes last.
    """
    rotation = Rotation()
    if not dry_run:
        for pk in mfa_adapter.secrets_with_older_keys(newest_key_id()):
            mfa_adapter.reencrypt_secrets(pk)
            rotation.reencrypted += 1
    for dry in [True] if dry_run else [False, True]:
        rotation.unreadable.clear()
        for model, fields in encrypted_models():
            progress(model._meta.label)
            for row in _encrypted_rows(model, fields, batch):
                for one in fields:
                    _reencrypt(row, one, rotation, dry)
    rotation.left["older"] += len(mfa_adapter.secrets_with_older_keys(newest_key_id()))
    rotation.left = +rotation.left
    return rotation


def key_ids_in_use() -> Counter:
    """How many values are encrypted with which key, second factors left out. Reads only the beginning of each value."""
    used = Counter()
    quote = connection.ops.quote_name
    existing = _existing_models()
    with connection.cursor() as cursor:
        for model, fields in existing:
            for one in fields:
                table, column = quote(model._meta.db_table), quote(one.column)
                cursor.execute(f"SELECT substr({column}, 1, 100) FROM {table}")  # noqa: S608  our own names, quoted
                used.update(key_id_of(beginning) for (beginning,) in cursor)
    return used


def readable_samples() -> dict[str, tuple[str, str | bytes]]:
    """By key id: the place and the ciphertext of one stored value that FIELD_ENCRYPTION_KEYS decrypts."""
    needed, found = needed_key_ids(), {}
    for place, value in _stored_values():
        if needed <= found.keys():
            break
        key_id = key_id_of(value)
        if key_id not in found and is_readable(value, place=place):
            found[key_id] = (place, value)
    return found


def needed_key_ids() -> set[str]:
    """The ids of all keys in use, those of second factors included."""
    return {*key_ids_in_use(), *map(key_id_of, mfa_adapter.stored_secrets())}


def _stored_values():
    """Place and ciphertext of everything that is encrypted. Photos come last, because they are large."""
    yield from ((mfa_adapter.PLACE, secret) for secret in mfa_adapter.stored_secrets())
    for model, fields in sorted(_existing_models(), key=lambda found: _has_photos(found[1])):
        for row in _encrypted_rows(model, fields, 100):
            # Through __dict__: reading the attribute would decrypt it.
            yield from ((one.place_of(row), row.__dict__[one.attname].value) for one in fields)


def _has_photos(fields):
    return any(isinstance(one, EncryptedBinaryField) for one in fields)


def _encrypted_rows(model, fields, batch):
    names = ["public_id", *(one.attname for one in fields)]
    if _has_photos(fields):
        # A photo is a thousand times as long as an answer.
        batch = max(1, batch // 20)
    last = 0
    while rows := list(model._base_manager.filter(pk__gt=last).order_by("pk").only(*names)[:batch]):
        yield from rows
        last = rows[-1].pk


def _reencrypt(row, one, rotation, dry_run):
    # What the row holds: reading the attribute would decrypt it.
    before = row.__dict__[one.attname].value
    key_id = key_id_of(before)
    if key_id == newest_key_id():
        return
    try:
        plain = getattr(row, one.attname)
    except EncryptionError:
        rotation.unreadable.append(f"{one.model._meta.label} {row.pk} {one.name}")
        plain = None
    if dry_run:
        rotation.left[key_id] += 1
    elif plain is None:
        return
    elif _swap(one, row.pk, before, one.encrypt(plain, place=one.place_of(row))):
        rotation.reencrypted += 1
    else:
        rotation.changed_in_between += 1


def _swap(one, pk, before, after) -> bool:
    """Compare and swap; True if the row still held `before`. In SQL, because encrypted fields allow no lookups."""
    quote = connection.ops.quote_name
    table, column, key = quote(one.model._meta.db_table), quote(one.column), quote(one.model._meta.pk.column)
    prepared = [one.get_db_prep_save(Ciphertext(value), connection) for value in (after, before)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608  our own names, quoted; values go as parameters
            [prepared[0], pk, prepared[1]],
        )
        return cursor.rowcount == 1
