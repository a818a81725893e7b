"""The container's liveness probe (HEALTHCHECK): asks the web process in the same container whether it is alive."""

import os
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit


def main():
    # The site answers only to its own name (ALLOWED_HOSTS), so the probe uses it.
    connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    connection.request("GET", "/healthz", headers={"Host": urlsplit(os.environ["SITE_URL"]).netloc})
    status = connection.getresponse().status
    if status != 200:
        sys.exit(f"/healthz answered {status}")


if __name__ == "__main__":
    main()
