"""Guessing receipt codes: every wrong one gets the same answer, and after thirty an hour there is none."""

import random
import statistics
import time

from tests.faults.patient import TOKEN, Patient
from tests.faults.senders import Sending, line_of
from tests.faults.table import Line

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LIMIT, TRIES = 30, 240


def run(lab) -> Line:
    with lab.site("guessed-codes") as site:
        sending = Sending(site)
        answers, code = Patient(site).send_request()
        sending.sent.append(answers)
        [(reference,)] = site.sql("SELECT reference FROM consultations_inquiry")
        dice = random.Random(4)  # noqa: S311  the same guesses in every run
        near, far = guesses_near(code, dice), guesses_far(dice)
        pages, times, opened = set(), {"near": [], "far": []}, 0
        patient, tries = Patient(site), lab.number(TRIES)
        token = patient.token("/consult/status/")
        for number in range(tries):
            # Each address has its own limit; this is an attacker with many addresses.
            patient.address = f"172.16.{number // 20}.1"
            kind = "near" if number % 2 else "far"
            guess = (
                next(near if number % 2 else far) if number > 3 else (f"{code}A", code[:-1], "' OR 1=1 --", "x")[number]
            )
            began = time.perf_counter()
            answer = patient.ask("/consult/status/", "POST", {"csrfmiddlewaretoken": token, "code": guess})
            times[kind].append(time.perf_counter() - began)
            opened += answer.status != 200
            pages.add(TOKEN.sub("", answer.text))
        faults = [f"{opened} guesses were answered differently"] * bool(opened)
        faults += [f"{len(pages)} different pages"] * (len(pages) != 1)
        faults += reference_faults(site, reference)
        faults += limit_faults(site, code)
        faults += lost_code_faults(site, answers["email"])
        far_ms, near_ms = (statistics.median(times[kind]) * 1000 for kind in ("far", "near"))
        done = (
            f"{tries} guesses, far from a code and one letter off: {len(pages)} page, medians {far_ms:.0f} and "
            f"{near_ms:.0f} ms; after {LIMIT} from one address 429, for the right code too"
        )
        return line_of(site, sending, [answers], done, enough=True, broken="; ".join(faults))


def reference_faults(site, reference):
    """A reference in place of the code is recognised by its form, whether there is such a request or not."""
    answers = []
    for typed in (reference, "GS-AAAA-AAAA"):
        patient = Patient(site)
        fields = {"csrfmiddlewaretoken": patient.token("/consult/status/"), "code": typed}
        answer = patient.ask("/consult/status/", "POST", fields)
        answers.append((answer.status, TOKEN.sub("", answer.text).replace(typed, "")))
    return [] if answers[0] == answers[1] else ["a reference that exists is answered differently"]


def guesses_far(dice):
    while True:
        letters = "".join(dice.choices(LETTERS, k=16))
        yield "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def guesses_near(code, dice):
    """Codes that differ from a valid one in one letter."""
    places = [place for place, letter in enumerate(code) if letter != "-"]
    while True:
        place = dice.choice(places)
        yield code[:place] + dice.choice(LETTERS.replace(code[place], "")) + code[place + 1 :]


def limit_faults(site, code):
    patient = Patient(site)
    wrong = [patient.post("/consult/status/", {"code": "AAAA-AAAA-AAAA-AAAA"}).status for _try in range(LIMIT + 1)]
    right = patient.post("/consult/status/", {"code": code}).status
    elsewhere = Patient(site).post("/consult/status/", {"code": code}).status
    expected = [200] * LIMIT + [429], 429, 302
    return [] if (wrong, right, elsewhere) == expected else [f"limit: {wrong[-2:]}, {right}, {elsewhere}"]


def lost_code_faults(site, email):
    """The page for lost codes says the same to an address that is known and to one that is not."""
    pages = set()
    for address in (email, "nobody@example.org"):
        answer = Patient(site).post("/consult/code/", {"email": address, "reference": ""})
        pages.add((answer.status, TOKEN.sub("", answer.text)))
    return [] if len(pages) == 1 else ["the page for lost codes tells who is known"]
