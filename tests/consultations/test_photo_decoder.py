"""Photos are decoded in a process of its own: how it may end, how many run at once, and what is left of them."""

import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from consultations.photos import PhotoRefused, cleaning, decoder_slot, exceptions
from gutskin import limits
from tests.at_once import together
from tests.consultations.factories import posted, shows_the_answers
from tests.consultations.photo_files import a_file, clean_photo, photo_ids_on, text_of
from tests.consultations.upload_zoo import a_jpeg, a_png_that_claims, a_webp_bomb, saved


def children():
    """Of this process, ended ones that no one has waited for included. Some tests leave a site running."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        # A thread may end meanwhile; its children are then the process's.
        with contextlib.suppress(FileNotFoundError):
            found.update((task / "children").read_text().split())
    return found


def open_files():
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(scope="module", autouse=True)
def only_new_objects_are_collected():
    """So that `open_files` need not visit everything that the tests before these have left: half a second each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def decoder_does(monkeypatch):
    """Replaces the decoder with a few lines of Python."""

    def replace(code):
        monkeypatch.setattr(cleaning, "PROGRAM", [sys.executable, "-I", "-c", code])

    return replace


ENDINGS = {
    "killed": ("import os; os.kill(os.getpid(), 9)", "takes too long"),
    "out of time": ("import time; time.sleep(60)", "takes too long"),
    "out of processor time": ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "takes too long"),
    "segmentation fault": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "damaged or incomplete"),
    "says nothing": ("", "damaged or incomplete"),
    "fails": ("raise ValueError", "damaged or incomplete"),
    "prints nonsense": ("print('[' * 300)\nprint('{}')", "damaged or incomplete"),
    "prints without end": ("while True: print('x' * 10**6)", "takes too long"),
    "returns another file": (
        """print('{"pixels": 1}\\n{"width": 1, "height": 1}\\n<html>')""",
        "damaged or incomplete",
    ),
    "returns a giant": (
        """print('{"pixels": 1}\\n{"width": 9999, "height": 1}\\n', end=''); import sys; sys.stdout.flush()
sys.stdout.buffer.write(b'\\xff\\xd8\\xff\\xff\\xd9')""",
        "damaged or incomplete",
    ),
    "refuses with nonsense": ("print('{\"refused\": [[1]]}')", "damaged or incomplete"),
    "closes its input": ('import os; os.close(0); print(\'{"refused": "TooSmall"}\')', "too small"),
}


# So that a decoder that ends early leaves some of the file unread.
MORE_THAN_A_PIPE_HOLDS = b"\0" * 200_000
# They end only when their time is over.
ENDLESS = {"out of time", "prints without end"}


@pytest.mark.parametrize("name", ENDINGS)
def test_however_the_decoder_ends_there_is_a_sentence_and_nothing_is_left(name, decoder_does, monkeypatch):
    code, sentence = ENDINGS[name]
    decoder_does(code)
    monkeypatch.setattr("gutskin.limits.PHOTO_SECONDS", 0.3 if name in ENDLESS else 1)
    before = children(), open_files()

    with pytest.raises(PhotoRefused, match=sentence):
        clean_photo(a_jpeg() + MORE_THAN_A_PIPE_HOLDS)

    assert (children(), open_files()) == before
    monkeypatch.undo()
    assert clean_photo(a_jpeg())


def test_a_decoder_that_cannot_be_started_is_a_sentence_too(monkeypatch, caplog):
    monkeypatch.setattr(cleaning, "PROGRAM", ["/no/such/program"])
    with pytest.raises(PhotoRefused, match="in a minute"):
        clean_photo(a_jpeg())
    assert "could not be started: FileNotFoundError" in caplog.text


@pytest.mark.parametrize("ending", ["killed", "says nothing"])
def test_a_decoder_that_dies_costs_the_most_pixels_that_a_photo_may_have(ending, decoder_does):
    decoder_does(ENDINGS[ending][0])
    with pytest.raises(PhotoRefused) as refused:
        clean_photo(a_jpeg())
    assert refused.value.pixels == limits.MOST_JPEG_PIXELS


@pytest.mark.parametrize(
    ("limit", "value", "file"),
    [
        ("PHOTO_MEMORY_BYTES", 100_000_000, lambda: saved(Image.new("RGBA", (3000, 3000)), "PNG", compress_level=1)),
        ("PHOTO_CPU_SECONDS", 0, lambda: a_jpeg((2000, 2000))),
    ],
)
def test_a_photo_that_takes_too_much_is_refused(limit, value, file, monkeypatch):
    content = file()
    assert clean_photo(content)
    monkeypatch.setattr(f"gutskin.limits.{limit}", value)
    with pytest.raises(PhotoRefused, match="takes too long"):
        clean_photo(content)


def test_the_decoder_sees_neither_environment_nor_files_of_the_web_process(decoder_does, monkeypatch):
    """Keys are in the environment, and the database is an open file."""
    decoder_does(
        "import os, json; print(json.dumps({'refused': str((dict(os.environ), os.listdir('/proc/self/fd')))}))"
    )
    seen = []
    monkeypatch.setattr(cleaning, "_refusal", lambda name, *args, **kwargs: seen.append(name) or PhotoRefused())
    with Path("/etc/passwd").open() as file, pytest.raises(PhotoRefused):
        os.set_inheritable(file.fileno(), True)
        clean_photo(a_jpeg())
    environment, files = eval(seen[0])  # noqa: S307  printed by the line above
    assert environment.keys() <= {"LC_CTYPE"}
    # The three of every program, the lock, and the folder that is being listed.
    assert len(files) == 5


def test_header_and_first_bytes_are_enough_to_refuse_a_bomb():
    """Forty bytes of WebP claim 16,383 × 16,383 pixels; none of them is decoded."""
    for bomb in (a_webp_bomb(16_383, 16_383), a_png_that_claims(50_000, 50_000)):
        with pytest.raises(PhotoRefused, match="megapixels") as refused:
            clean_photo(bomb)
        assert refused.value.pixels == 0


def test_no_more_photos_than_there_are_places_are_decoded_at_once_and_further_ones_are_answered_at_once(
    decoder_does, tmp_path
):
    """The decoders end when all further photos have an answer. If one had to wait for a decoder, both would."""
    done = tmp_path / "done"
    decoder_does(f"""
import os, time
end = time.monotonic() + 10
while time.monotonic() < end and not os.path.exists({str(done)!r}):
    time.sleep(0.01)
""")
    photo, answered = a_jpeg(), []

    def send(_number):
        with pytest.raises(PhotoRefused) as refused:
            clean_photo(photo)
        answered.append((done.exists(), str(refused.value)))
        if len(answered) == 3:
            done.touch()

    together(limits.PHOTOS_AT_ONCE + 3, send)

    assert [waited for waited, _sentence in answered] == [False] * 3 + [True] * limits.PHOTOS_AT_ONCE
    assert ["in a minute" in sentence for _waited, sentence in answered] == [True] * 3 + [False] * limits.PHOTOS_AT_ONCE


def test_a_killed_process_leaves_no_place_taken(settings):
    """A web worker that is killed while it decodes: its decoder keeps the place until it has ended too."""
    code = """
import fcntl, subprocess, sys, time
lock = open(sys.argv[1], "wb")
fcntl.flock(lock, fcntl.LOCK_EX)
decoder = subprocess.Popen(["sleep", "60"], pass_fds=[lock.fileno()], stdout=subprocess.DEVNULL)
print(decoder.pid, flush=True)
time.sleep(60)
"""
    with decoder_slot():
        pass
    locks = [str(settings.PHOTO_LOCKS_DIR / f"decoder-{number}.lock") for number in range(limits.PHOTOS_AT_ONCE)]
    holders = [subprocess.Popen([sys.executable, "-c", code, lock], stdout=subprocess.PIPE) for lock in locks]  # noqa: S603
    decoders = []
    for holder in holders:
        decoders.append(int(holder.stdout.readline()))
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        holder.stdout.close()

    with pytest.raises(PhotoRefused, match="in a minute"):
        clean_photo(a_jpeg())
    for decoder in decoders:
        os.kill(decoder, signal.SIGKILL)
    assert _cleaned_when_there_is_a_place(a_jpeg())


def _cleaned_when_there_is_a_place(content):
    """A process that was killed ends a moment later."""
    end = time.monotonic() + 10
    while True:
        try:
            return clean_photo(content)
        except exceptions.Busy:
            assert time.monotonic() < end
            time.sleep(0.01)


@pytest.mark.django_db
def test_a_photo_without_a_place_keeps_the_rest_of_the_form_and_is_not_counted(client, monkeypatch):
    monkeypatch.setattr("gutskin.limits.PHOTOS_PER_HOUR", 1)
    with _all_places_taken():
        for _ in range(3):
            response = client.post("/consult/", posted(photos=[a_file()]))

    assert response.status_code == 200
    assert shows_the_answers(response)
    assert "We are receiving many photos at the moment" in text_of(response)
    assert len(photo_ids_on(client.post("/consult/", posted(name="", photos=[a_file()])))) == 1


@pytest.mark.django_db
def test_the_script_is_told_to_try_again_when_there_is_no_place(client):
    with _all_places_taken():
        response = client.post("/consult/photos/", {"key": posted()["key"], "photos": a_file(), "fragment": "1"})
    assert response.status_code == 503
    assert "Retry-After" in response.headers
    assert "We are receiving many photos at the moment" in text_of(response)


class _all_places_taken:
    def __enter__(self):
        self.slots = [decoder_slot() for _ in range(limits.PHOTOS_AT_ONCE)]
        for slot in self.slots:
            slot.__enter__()

    def __exit__(self, *error):
        for slot in self.slots:
            slot.__exit__(None, None, None)
