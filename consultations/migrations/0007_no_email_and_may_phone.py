"""Whether a patient may be phoned, and requests without an e-mail address."""

from django.db import migrations

from gutskin.encryption.fields import Ciphertext, EncryptedTextField


def encrypt_no_answer(apps, schema_editor):
    """Each row gets its own ciphertext: it is bound to the row."""
    for inquiry in apps.get_model("consultations", "Inquiry").objects.only("public_id").iterator():
        inquiry.may_phone = ""
        inquiry.save(update_fields=["may_phone"])


class Migration(migrations.Migration):
    dependencies = [("consultations", "0006_inquiry_sender_digest")]

    operations = [
        migrations.AddField(
            model_name="inquiry",
            name="may_phone",
            # Until the next step, which encrypts: an encrypted column takes no plain default.
            field=EncryptedTextField(blank=True, default=Ciphertext(""), verbose_name="may we phone"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="inquiry",
            name="email",
            field=EncryptedTextField(blank=True, verbose_name="e-mail address"),
        ),
        migrations.RunPython(encrypt_no_answer, migrations.RunPython.noop),
    ]
