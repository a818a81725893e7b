"""The encryption key is rotated as “Keys” in the guide says, on one machine after the other, while visitors come."""

from tests.drill import guide
from tests.drill.load import Load
from tests.drill.table import Line, line_of
from tests.faults.stored import inside

KEYS = "FIELD_ENCRYPTION_KEYS"
ROTATE = "python manage.py rotate_encryption_keys"
USED = """
from gutskin.encryption.key_rotation import needed_key_ids, rotate
result = [sorted(needed_key_ids()), len(rotate(dry_run=True).unreadable)]
"""


def run(stack) -> Line:
    one, _two = stack.machines
    old = stack.variables[KEYS]
    [command] = guide.commands(guide.WITH_CONTAINERS, f"{KEYS}=")
    # An id is never used again: k2, or the next one.
    new = one.must_run(command).strip().partition("=")[2].replace("k1:", f"k{int(old[1 : old.index(':')]) + 1}:")
    with Load(stack) as load:
        for keys in (f"{old},{new}", f"{new},{old}"):
            restart_with(stack, load, keys)
        said = one.must_run(ROTATE)
        load.wait_for(100)
        restart_with(stack, load, new)
    used, unreadable = inside(stack, USED)
    broken = ""
    if "No value needs an older key" not in said:
        broken = f"rotate_encryption_keys said: {said.strip()[-200:]}"
    if unreadable or used != [new.partition(":")[0]]:
        broken = f"{unreadable} values cannot be read; the keys in use are {used}"
    receipts = len(load.acknowledged)
    done = f"new key last on both, then first, values encrypted again, old one removed: {unreadable} values unreadable"
    return line_of(load, f"{done}; {receipts} receipt pages, {load.without_code} without the code", broken)


def restart_with(stack, load, keys):
    """One machine after the other, with visitors in between."""
    stack.variables[KEYS] = keys
    for machine in stack.machines:
        machine.restart()
        load.wait_for(60)
