"""The staff: Carla coordinates, David answers. Petra, who looks after privacy, is in tests/conftest.py."""

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
