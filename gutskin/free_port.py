"""Is the port of HOST and PORT free? Asked before anything slow happens, so it runs with any Python 3."""

import errno
import os
import socket
import sys

host, port = os.environ["HOST"], os.environ["PORT"]

if not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
    sys.exit(f"PORT={port} is not a port number. Give one between 1 and 65535: make run PORT=9000")
not_ours = f"HOST={host} is not an address of this machine. Give one that is: make run HOST=127.0.0.1"
try:
    socket.getaddrinfo(host, int(port))
except socket.gaierror:
    sys.exit(not_ours)
try:
    with socket.create_server((host, int(port))):
        pass
except PermissionError:
    sys.exit(f"Port {port} is open to root only. Choose one above 1023: make run PORT=9000")
except OSError as error:
    if error.errno == errno.EADDRNOTAVAIL:
        sys.exit(not_ours)
    sys.exit(
        f"Port {port} on {host} cannot be used; something else may be listening there. "
        f"Stop it or choose another: make run PORT=9000"
    )
