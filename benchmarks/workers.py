"""A worker: how long until its first answer, and what memory it takes at rest, and again after photos."""

import io
import statistics
import uuid

from PIL import Image

from benchmarks import pages, peers, storing
from benchmarks.results import Budget, Table
from benchmarks.servers import memory, shared_memory
from tests.addresses import FORM_PAGES, READING_PAGES
from tests.faults.lab import copy_sqlite

OURS = "this site"
STARTS = 5
PHOTOS = 8
MEBI = 1.048576  # megabytes


def run(lab) -> list[Table]:
    python = peers.installed()
    folder = lab.folder("workers")
    (folder / "main.html").write_text("<p>One paragraph.</p>")

    def peer(name, module, **more):
        return pages.Server(name, f"benchmarks.peers.{module}", folder, python=python, PEER_FOLDER=str(folder), **more)

    wagtail, _cached = pages.wagtail(folder, peer)
    database = folder / "gutskin.sqlite3"
    copy_sqlite(lab.site_folder / "gutskin.sqlite3", database)
    ours = lab.site(OURS, DATABASE_URL=f"sqlite:///{database}")
    servers = [ours, wagtail, storing.helpdesk(folder)]
    seconds, megabytes, shares = {server.name: [] for server in servers}, {}, {}
    for number in range(STARTS):
        for server in servers:
            try:
                seconds[server.name].append(server.start())
                megabytes[server.name] = after_use(server)
                shares[server.name] = max(map(shared_memory, server.workers()))
                if server is ours and number == STARTS - 1:
                    after_photos = take_photos(server)
            finally:
                server.stop()
    started = {name: statistics.median(taken) for name, taken in seconds.items()}
    return [
        Table(
            "A worker",
            ["", "start to first answer, s", "MB resident (RSS)", "MB, shared pages divided (PSS)"],
            [[name, f"{started[name]:.2f}", f"{megabytes[name]:.0f}", f"{shares[name]:.0f}"] for name in started],
            [
                Budget("memory of a worker", megabytes[OURS] / MEBI, at_most=100, unit="MiB"),
                Budget("memory of a worker, after photos", after_photos / MEBI, at_most=100, unit="MiB"),
                Budget("start to first answer", started[OURS], at_most=2, unit="s"),
            ],
            notes=[
                f"The largest worker after it has shown its pages; the median of {STARTS} starts, which include the "
                "compiling of all templates (`--preload`). RSS is VmRSS of `/proc/PID/status`, in which what processes "
                "share counts in full for each; PSS (`smaps_rollup`) divides it among them.",
                f"After {PHOTOS} photos of 12 megapixels, the largest worker has {after_photos:.0f} MB: Pillow, which "
                "draws the previews, is loaded by the first one.",
            ],
        )
    ]


def after_use(server) -> float:
    shown = [*READING_PAGES, *FORM_PAGES] if server.name == OURS else [server.ready] * 10
    for path in shown * 2:
        server.ask(path)
    return max(memory(pid) for pid in server.workers())


def take_photos(server) -> float:
    """Sends photos one after the other, as a patient without JavaScript does. Megabytes of the largest worker then."""
    file = io.BytesIO()
    Image.effect_noise((1000, 750), 60).convert("RGB").resize((4000, 3000)).save(file, "JPEG", quality=85)
    for _ in range(PHOTOS):
        page = server.ask("/consult/", Accept_Encoding="identity")
        cookies = "; ".join(value.partition(";")[0] for value in page.headers.get_all("Set-Cookie"))
        fields = dict(storing.HIDDEN.findall(page.content.decode())) | {"add_photos": "yes"}
        kind, body = multipart(fields, file.getvalue())
        shown = server.ask(
            "/consult/",
            "POST",
            body,
            Accept_Encoding="identity",
            Content_Type=kind,
            Cookie=cookies,
            Referer="https://gutskin.example/",
        )
        assert b"data:image/jpeg" in shown.content, f"The photo was answered with {shown.status}."
    return max(map(memory, server.workers()))


def multipart(fields, photo: bytes) -> tuple[str, bytes]:
    boundary = uuid.uuid4().hex
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
    texts = "".join(f"{part % (name, '')}{value}\r\n" for name, value in fields.items())
    head = part % ("photos", '; filename="photo.jpg"\r\nContent-Type: image/jpeg')
    return (
        f"multipart/form-data; boundary={boundary}",
        f"{texts}{head}".encode() + photo + f"\r\n--{boundary}--".encode(),
    )
