import pytest
from django.apps import apps

from consultations.privacy import ENCRYPTED, FIELDS, OPERATIONAL, PERSONAL
from gutskin.encryption.fields import EncryptedField

APPS = ("consultations", "audit", "mail", "drafts")
MODELS = {model.__name__: model for app in APPS for model in apps.get_app_config(app).get_models()}


def test_the_map_names_every_model_and_no_other():
    assert FIELDS.keys() == MODELS.keys()


@pytest.mark.parametrize("name", MODELS)
def test_the_map_names_every_field_and_no_other(name):
    fields = {field.name for field in MODELS[name]._meta.get_fields(include_hidden=False) if field.concrete}

    assert FIELDS[name].keys() == fields
    assert set(FIELDS[name].values()) <= {ENCRYPTED, PERSONAL, OPERATIONAL}


@pytest.mark.parametrize("name", MODELS)
def test_fields_called_encrypted_are_encrypted(name):
    encrypted = {field.name for field in MODELS[name]._meta.fields if isinstance(field, EncryptedField)}

    assert {field for field, kind in FIELDS[name].items() if kind == ENCRYPTED} == encrypted
