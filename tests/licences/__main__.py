"""`python -m tests.licences` lists the licences of everything installed here, and fails if one does not fit."""

import sys
from collections import defaultdict

from tests.licences import installed_licences, misfits

licences = installed_licences()
parts_by_licence = defaultdict(set)
for (name, part), licence in licences.items():
    parts_by_licence[licence].add(f"{name}/{part}" if part else name)
for licence, parts in sorted(parts_by_licence.items()):
    # Compiled programs carry hundreds of crates: their number says enough.
    print(f"{licence or 'unknown'}: {', '.join(sorted(parts)) if len(parts) < 60 else f'{len(parts)} parts'}")
problems = misfits(licences)
if problems:
    sys.exit("\n".join(problems))
