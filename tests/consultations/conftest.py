"""Staff who are logged in: Carla is an intake coordinator, David a clinician. See tests/conftest.py for Petra."""

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
