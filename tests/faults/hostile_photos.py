"""Photos that are made to take memory and time, thirty at once; then eight patients with five good photos each."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from tests import proxy
from tests.consultations.upload_zoo import a_jpeg, a_png_that_claims, a_webp_bomb, saved
from tests.faults.lab import wait_for
from tests.faults.patient import Patient, answers_of_somebody
from tests.faults.response_times import answering, in_words, times_of, too_slow
from tests.faults.table import Line
from tests.faults.upload_zoo import REMOVE, multipart

ONE_ADDRESS = "198.51.100.7"
FILES, PATIENTS, PHOTOS = 30, 8, 5
MOST_GROWTH = 50  # MB of one worker


def run(lab) -> Line:
    hostile, photos = hostile_files(), some_camera_photos()
    with lab.site("hostile-photos") as site:
        directly, broken = attack(site, hostile, photos)
    with lab.site("hostile-photos-proxy") as site, proxy.proxying(site.folder / "nginx", site.port) as site.proxy:
        through_nginx, broken_there = attack(site, hostile, photos)
    return Line(
        done=f"{FILES} hostile files at once from one address, then {PATIENTS} patients with {PHOTOS} photos of 12 "
        f"megapixels each at once: {directly}. Through nginx, all from one address: {through_nginx}",
        sent=2 * (FILES + PATIENTS * PHOTOS),
        answers_of_500=sum(site.answers_of_500 for site in lab.sites[-2:]),
        broken=", ".join(broken + [f"{what} (nginx)" for what in broken_there]),
    )


def attack(site, hostile, photos):
    """Returns what was found, and what did not hold."""
    # Every worker has decrypted, drawn and rendered once.
    for _ in range(8):
        send(site, photos[:1])
    usual, before = times_of(site, seconds=3), memory_of(site)
    with answering(site) as during, ThreadPoolExecutor(FILES) as senders:
        answers = list(senders.map(lambda content: send(site, [content], ONE_ADDRESS), hostile))
    peak = max(memory_of(site, "VmHWM")[pid] - before[pid] for pid in before)
    with ThreadPoolExecutor(PATIENTS) as patients:
        good = list(patients.map(lambda _number: send(site, photos), range(PATIENTS)))
    returned = wait_for(lambda: grown(site, before) <= MOST_GROWTH, seconds=20)
    after, stored = grown(site, before), sum(len(REMOVE.findall(answer.text)) for answer in good)
    broken = too_slow(during, usual)
    if peak > MOST_GROWTH:
        broken.append(f"a worker grew by {peak} MB")
    if not returned:
        broken.append(f"{after} MB did not return")
    if not all(is_ours(answer) for answer in answers + good):
        broken.append("not every answer was a page of ours")
    if not stored and not site.proxy:
        broken.append("every good photo was refused")
    if site.decoders():
        broken.append("decoders are left over")
    return (
        f"{in_words(during, usual)}; a worker grew by {peak} MB, afterwards {after} MB; {stored} good photos kept",
        broken,
    )


def is_ours(answer):
    """The form with what was typed; from nginx, its page that says that this is too much."""
    return answer.kept or (answer.status == 429 and "/error-pages/error.css" in answer.text)


def hostile_files():
    """Different ones, because the same file sent again is the same photo."""
    kinds = [
        lambda n: a_webp_bomb(16_383 - n, 16_383),
        lambda n: a_webp_bomb(4900 - n, 4080),
        lambda n: a_png_that_claims(30_000 - n, 30_000),
        lambda n: saved(Image.new("RGBA", (5000 - n, 5000)), "PNG"),
        lambda n: a_jpeg((8160 - n, 6120), progressive=True, subsampling=0)[:-20],
    ]
    return [kinds[number % len(kinds)](number) for number in range(FILES)]


def some_camera_photos():
    """12 megapixels with as much detail as a camera finds: about 2 MB each."""
    coarse = Image.effect_noise((1008, 756), 60).resize((4032, 3024))
    fine = Image.effect_noise((4032, 3024), 18)
    picture = Image.merge("RGB", (coarse, Image.blend(coarse, fine, 0.4), coarse))
    return [saved(picture, "JPEG", quality=80, comment=b"%d" % number) for number in range(PHOTOS)]


def send(site, photos, address=None):
    """The form without a script, with one answer missing: whatever happens, it has to come back."""
    patient = Patient(site, address)
    fields = answers_of_somebody(name="") | {"csrfmiddlewaretoken": patient.token(), "gut_symptoms": "bloating"}
    fields["key"] = str(uuid.uuid4())
    body, content_type = multipart(fields, [(f"{number}.jpg", photo) for number, photo in enumerate(photos)])
    answer = patient.ask("/consult/", "POST", body, Content_Type=content_type)
    answer.kept = answer.status == 200 and fields["skin_problem"] in answer.text
    return answer


def memory_of(site, name="VmRSS"):
    """Worker -> MB."""
    found = {}
    for pid in site.web_workers():
        status = Path(f"/proc/{pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith(f"{name}:")]
        found[pid] = int(line.split()[1]) // 1024
    return found


def grown(site, before):
    return max(memory - before.get(pid, 0) for pid, memory in memory_of(site).items())
