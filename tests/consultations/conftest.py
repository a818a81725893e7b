"""Staff who are logged in: Carla is an intake coordinator, David a clinician. See tests/conftest.py for Petra."""

import pytest

from consultations.queue.reply_times import reply_times_in
from tests.consultations.factories import a_clinician, a_coordinator


@pytest.fixture(autouse=True)
def reply_times_forgotten():
    """Each test counts its own."""
    yield
    reply_times_in.cache_clear()


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
