"""Versions that get no more security fixes are named by `make check`."""

from datetime import date

from tests.supported.__main__ import ends, problems, versions_used

KNOWN = {("redis", "8"): {"ends": date(2027, 8, 1), "source": "https://example.org/"}}


def test_every_version_that_we_name_has_a_date_and_no_other_has():
    used = versions_used()
    assert {name for name, _version in used} == {
        "python",
        "django",
        "debian",
        "postgres",
        "redis",
        "nginx-unprivileged",
    }
    assert used == ends().keys()


def test_each_date_has_a_source():
    assert [row for row in ends().values() if not row["source"].startswith("https://")] == []


def test_what_has_run_out_or_soon_will_is_named():
    used = {("redis", "8")}
    assert problems(used, KNOWN, date(2027, 4, 1)) == ([], [])
    over, soon = problems(used, KNOWN, date(2027, 8, 1))
    assert (over, len(soon)) == ([], 1)
    over, soon = problems(used, KNOWN, date(2027, 8, 2))
    assert (len(over), soon) == (1, [])
    assert "redis 8 is not supported since 2027-08-01" in over[0]


def test_a_version_without_a_date_is_named():
    over, _soon = problems({("redis", "9")}, KNOWN, date(2027, 4, 1))
    assert "redis 9" in over[0]


def test_what_ran_out_in_2026_would_have_been_named():
    known = {("nginx-unprivileged", "1.28"): {"ends": date(2026, 4, 14), "source": "https://nginx.org/"}}
    assert problems(known.keys(), known, date(2026, 12, 1))[0]
