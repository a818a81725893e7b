"""What holds for every test: it reaches nothing outside this machine."""

import ipaddress
import socket

import pytest
from hypothesis import settings

from tests import production

# The same examples each time, however slow the machine: a red run can be run again.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


def _is_here(address) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = address[0]
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """A test that would leave the machine fails with the address it wanted."""
    connect = socket.socket.connect

    def connect_here(self, address):
        if not _is_here(address):
            raise RuntimeError(f"A test wanted to connect to {address}.")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session")
def production_site(tmp_path_factory):
    """host:port of a web process started as in production, with the project's content."""
    with production.started(tmp_path_factory.mktemp("production")) as address:
        yield address
