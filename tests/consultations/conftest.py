"""Staff who are logged in: Carla is an intake coordinator, David a clinician. See tests/conftest.py for Petra."""

import django.test.client
import pytest

from tests.consultations.factories import a_clinician, a_coordinator


@pytest.fixture
def carla(client):
    user = a_coordinator()
    client.force_login(user)
    return user


@pytest.fixture
def david(client):
    user = a_clinician()
    client.force_login(user)
    return user


@pytest.fixture(scope="package", autouse=True)
def only_the_context_of_the_page(django_test_environment):
    """`response.context` is that of the page itself: Django's client copies the one of each included template as well.

    A request form has two hundred of them, and the copies were a twentieth of the time of these tests.
    """
    store_rendered_templates = django.test.client.store_rendered_templates

    def store_the_first(store, *args, **kwargs):
        if "context" not in store:
            store_rendered_templates(store, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django.test.client, "store_rendered_templates", store_the_first)
        yield
