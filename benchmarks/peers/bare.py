"""The least that gunicorn can do: a function that returns the brotli bytes of BYTES_FOLDER, whatever is asked."""

import os
from pathlib import Path

FOLDER = Path(os.environ["BYTES_FOLDER"])
ANSWERS = {
    f"/{path.parent.relative_to(FOLDER)}/".replace("/./", "/"): path.read_bytes()
    for path in FOLDER.rglob("index.html.br")
}


def application(environ, start_response):
    body = ANSWERS[environ["PATH_INFO"]]
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "br")]
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [body]
