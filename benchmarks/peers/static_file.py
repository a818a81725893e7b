"""WhiteNoise, which serves the files of BYTES_FOLDER, compressed beforehand."""

import os

from whitenoise import WhiteNoise


def not_found(environ, start_response):
    start_response("404 Not Found", [("Content-Length", "0")])
    return []


application = WhiteNoise(not_found, root=os.environ["BYTES_FOLDER"], index_file=True)
