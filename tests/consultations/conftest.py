"""Who sits at the desk: Carla coordinates, David answers, Petra looks after privacy."""

import pytest

from tests.consultations.factories import a_clinician, a_coordinator, a_privacy_lead


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


@pytest.fixture
def petra(client):
    user = a_privacy_lead()
    client.force_login(user)
    return user
