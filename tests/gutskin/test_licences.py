"""`make check` refuses what may not be installed beside an MIT project. Here: that it would notice."""

import json

import pytest
from PIL import features

from tests.licences import ALLOWED, fits, installed_licences, misfits
from tests.licences.sbom import with_bundled


def test_everything_installed_fits():
    licences = installed_licences()
    assert len(licences) > 200
    assert misfits(licences) == []


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        "GPL-2.0-only OR MIT",
        "(GPL-3.0-only OR Apache-2.0) AND MIT",
        "MIT AND (BSD-3-Clause AND PSF-2.0)",
        "Apache-2.0 WITH LLVM-exception",
        "Apache-2.0  OR  MIT",
    ],
)
def test_one_allowed_choice_is_enough(expression):
    assert fits(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "GPL-2.0-or-later",
        "AGPL-3.0-only",
        "SSPL-1.0",
        "CC-BY-NC-4.0",
        "MIT AND GPL-3.0-only",
        "(MIT OR Apache-2.0) AND GPL-3.0-only",
        "License :: Other/Proprietary License",
        "",
    ],
)
def test_what_would_bind_those_who_pass_the_site_on_does_not_fit(expression):
    assert not fits(expression)


def install(folder, name, *lines, files=()):
    """As pip leaves it: metadata, and a list of files."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *lines]))
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))
    return info


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["License-Expression: AGPL-3.0-only"], "AGPL-3.0-only is not among"),
        (["Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)"], "is not among"),
        (["License: Proprietary"], "Proprietary is not among"),
        ([], "its licence is not known"),
    ],
)
def test_a_distribution_that_does_not_fit_is_named(tmp_path, lines, problem):
    install(tmp_path, "stranger", *lines)

    (said,) = misfits(installed_licences([str(tmp_path)]))

    assert said.startswith("stranger: ")
    assert problem in said


def test_a_library_inside_a_wheel_is_noticed(tmp_path):
    """pillow-heif says BSD-3-Clause; its wheels carry the encoder x265, which is under the GPL."""
    files = ["pillow_heif.libs/libx265-4883ecb5.so.217", "pillow_heif.libs/libheif-e72ea93c.so.1.23.6"]
    install(tmp_path, "pillow_heif", "License: BSD-3-Clause", files=files)

    assert misfits(installed_licences([str(tmp_path)])) == [
        "libx265 in pillow-heif: its licence is not known. Read it and add it to tests/licences/allowed.toml."
    ]


def test_a_part_named_in_a_bill_of_materials_is_noticed(tmp_path):
    info = install(tmp_path, "compiled", "License-Expression: MIT", files=["compiled-1.0.dist-info/sboms/crates.json"])
    (info / "sboms").mkdir()
    crates = [
        {"name": "copyleft", "licenses": [{"license": {"id": "GPL-3.0-only"}}]},
        {"name": "harmless", "licenses": [{"expression": "MIT OR Apache-2.0"}]},
    ]
    (info / "sboms" / "crates.json").write_text(json.dumps({"bomFormat": "CycloneDX", "components": crates}))

    (said,) = misfits(installed_licences([str(tmp_path)]))

    assert said.startswith("copyleft in compiled: GPL-3.0-only")


def test_what_the_list_calls_not_included_is_not_included():
    assert list(ALLOWED["not_included"]) == ["libimagequant"]
    assert not features.check_feature("libimagequant")


def test_the_bill_of_materials_names_what_wheels_carry():
    bom = {"components": [{"name": "pi_heif"}, {"name": "psycopg-binary"}, {"name": "honcho"}]}

    heif, postgres, honcho = with_bundled(bom, installed_licences())["components"]

    assert {"type": "library", "name": "libheif", "licenses": [{"expression": "LGPL-3.0-or-later"}]} in heif[
        "components"
    ]
    assert {"libpq", "libssl"} <= {part["name"] for part in postgres["components"]}
    assert "components" not in honcho
