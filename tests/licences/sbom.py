"""`python -m tests.licences.sbom FILE SITE_PACKAGES` adds to a CycloneDX file what wheels carry inside.

cyclonedx-py names the distributions. The OpenSSL in psycopg-binary is what a scanner for weaknesses has to find.
"""

import json
import sys
from pathlib import Path

from tests.licences import installed_licences


def with_bundled(bom, licences):
    """Each component of the bill of materials gets its parts as components of its own."""
    for component in bom["components"]:
        parts = [
            {"type": "library", "name": part, "licenses": [{"expression": licence}]}
            for (name, part), licence in sorted(licences.items())
            if part and name == component["name"].replace("_", "-").lower()
        ]
        if parts:
            component["components"] = parts
    return bom


if __name__ == "__main__":
    file, site_packages = Path(sys.argv[1]), sys.argv[2]
    bom = with_bundled(json.loads(file.read_text()), installed_licences([site_packages]))
    file.write_text(json.dumps(bom, indent=2) + "\n")
