"""Sealing everything anew with the newest key, while people go on writing.

Each value is exchanged only where it still is what was read: an edit that came in between wins, and is sealed with the
newest key anyway.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from gutskin.accounts import mfa_secrets
from gutskin.encryption.cipher import EncryptionError, key_id_of
from gutskin.encryption.fields import Ciphertext, EncryptedBinaryField, EncryptedField


@dataclass
class Rotation:
    """What one run found and did."""

    reencrypted: int = 0
    changed_meanwhile: int = 0
    # By key id: how many values are still sealed with a key that is not the newest.
    left: Counter = field(default_factory=Counter)
    # Model and primary key of what does not open with the keys there are.
    unreadable: list[str] = field(default_factory=list)


def encrypted_models() -> list[tuple[type[models.Model], list[EncryptedField]]]:
    """Every model with sealed fields, and those fields."""
    found = []
    for model in apps.get_models():
        fields = [one for one in model._meta.fields if isinstance(one, EncryptedField)]
        if fields:
            found.append((model, fields))
    return found


def newest_key_id() -> str:
    return next(iter(settings.FIELD_ENCRYPTION_KEYS))


def rotate(*, batch: int = 100, dry_run: bool = False, progress=lambda model: None) -> Rotation:
    """Seals anew, `batch` rows at a time, and counts afterwards what still needs an older key.

    An application that was not restarted yet goes on sealing with the key it knows: that is why the count comes last.
    """
    rotation = Rotation()
    if not dry_run:
        for pk in mfa_secrets.sealed_with_other_keys(newest_key_id()):
            mfa_secrets.reseal(pk)
            rotation.reencrypted += 1
    for dry in [True] if dry_run else [False, True]:
        rotation.unreadable.clear()
        for model, fields in encrypted_models():
            progress(model._meta.label)
            for row in _sealed(model, fields, batch):
                for one in fields:
                    _exchange(row, one, rotation, dry)
    rotation.left["older"] += len(mfa_secrets.sealed_with_other_keys(newest_key_id()))
    rotation.left = +rotation.left
    return rotation


def key_ids_in_use() -> Counter:
    """With which keys how many values are sealed, second factors left out. Reads the beginnings only."""
    used = Counter()
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model, fields in encrypted_models():
            for one in fields:
                table, column = quote(model._meta.db_table), quote(one.column)
                cursor.execute(f"SELECT substr({column}, 1, 100) FROM {table}")  # noqa: S608  our own names, quoted
                used.update(key_id_of(beginning) for (beginning,) in cursor)
    return used


def _sealed(model, fields, batch):
    names = ["public_id", *(one.attname for one in fields)]
    if any(isinstance(one, EncryptedBinaryField) for one in fields):
        # A photo is a thousand times as long as an answer.
        batch = max(1, batch // 20)
    last = 0
    while rows := list(model._base_manager.filter(pk__gt=last).order_by("pk").only(*names)[:batch]):
        yield from rows
        last = rows[-1].pk


def _exchange(row, one, rotation, dry_run):
    # What the row holds, not what it says: reading the attribute would open it.
    before = row.__dict__[one.attname].sealed
    key_id = key_id_of(before)
    if key_id == newest_key_id():
        return
    try:
        opened = getattr(row, one.attname)
    except EncryptionError:
        rotation.unreadable.append(f"{one.model._meta.label} {row.pk} {one.name}")
        opened = None
    if dry_run:
        rotation.left[key_id] += 1
    elif opened is None:
        return
    elif _swap(one, row.pk, before, one.seal(opened, place=one.place_of(row))):
        rotation.reencrypted += 1
    else:
        rotation.changed_meanwhile += 1


def _swap(one, pk, before, after) -> bool:
    """In SQL: an encrypted field takes part in no query, so that nobody compares by mistake."""
    quote = connection.ops.quote_name
    table, column, key = quote(one.model._meta.db_table), quote(one.column), quote(one.model._meta.pk.column)
    prepared = [one.get_db_prep_save(Ciphertext(value), connection) for value in (after, before)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608  our own names, quoted; values go as parameters
            [prepared[0], pk, prepared[1]],
        )
        return cursor.rowcount == 1
