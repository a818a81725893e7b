from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from gutskin.encryption.cipher import decrypt, decrypt_bytes, encrypt, encrypt_bytes


class Ciphertext:
    """What the database holds. It is not a string, so that nothing can show, search or save it by mistake."""

    __slots__ = ("value",)

    def __init__(self, value: str | bytes):
        self.value = value

    def __repr__(self):
        return "<encrypted>"


class PlainTextRefused(FieldError):
    def __init__(self, field):
        super().__init__(
            f"{field} is encrypted for one row and cannot be written by update(), bulk_update() or loaddata. "
            f"Set the attribute on the instance and save it."
        )


class DecryptedOnAccess(DeferredAttribute):
    """`inquiry.name` is plain text. Each field is decrypted when it is first read, not when its row is loaded.

    So a list that shows no health text decrypts none, and one unreadable field does not take the others with it.
    """

    def __get__(self, instance, cls=None):
        value = super().__get__(instance, cls)
        if isinstance(value, Ciphertext):
            value = self.field.decrypt(value.value, place=self.field.place_of(instance))
            instance.__dict__[self.field.attname] = value
        return value

    # Having __set__ makes Python ask __get__ even when the instance holds a value.
    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.Field):
    """Encrypted for its own row; the model needs a `public_id` that never changes.

    Not editable and not serialised: no ModelForm and no dumpdata shows what is in it.
    """

    descriptor_class = DecryptedOnAccess

    def __init__(self, *args, **kwargs):
        kwargs["editable"] = False
        kwargs["serialize"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        del kwargs["serialize"]
        return name, path, args, kwargs

    def check(self, **kwargs):
        errors = super().check(**kwargs)
        if not any(field.name == "public_id" for field in self.model._meta.fields):
            errors.append(checks.Error("A model with encrypted fields needs a public_id.", obj=self))
        if self.null or self.unique or self.db_index:
            errors.append(checks.Error("An encrypted field cannot be null, unique or indexed.", obj=self))
        return errors

    def place_of(self, instance):
        return f"{self.model._meta.model_name}.{self.name}.{instance.public_id}"

    def from_db_value(self, value, expression, connection):
        return None if value is None else Ciphertext(value)

    def to_python(self, value):
        return value if isinstance(value, Ciphertext) else super().to_python(value)

    def pre_save(self, model_instance, add):
        # Through the attribute: a ciphertext from another row is refused here, not stored where it is unreadable.
        plain = getattr(model_instance, self.attname)
        return Ciphertext(self.encrypt(plain, place=self.place_of(model_instance)))

    def get_db_prep_save(self, value, connection):
        if not isinstance(value, Ciphertext):
            raise PlainTextRefused(self)
        return super().get_db_prep_value(value.value, connection, prepared=True)

    def get_lookup(self, lookup_name):
        raise FieldError(f"{self} is encrypted: the database cannot compare, search or sort it.")

    # The same for transforms, such as `name__lower`.
    get_transform = get_lookup


class EncryptedTextField(EncryptedField, models.TextField):
    """Text that the database holds as `version:key id:base64`."""

    encrypt = staticmethod(encrypt)
    decrypt = staticmethod(decrypt)


class EncryptedBinaryField(EncryptedField, models.BinaryField):
    """Bytes, such as a photo."""

    encrypt = staticmethod(encrypt_bytes)
    decrypt = staticmethod(decrypt_bytes)
