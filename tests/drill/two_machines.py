"""Both machines answer, and what was begun on one goes on at the other."""

from tests.drill.load import PAGES, Load, Visitor
from tests.drill.table import Line
from tests.faults.patient import CODE


class AtOneMachine(Visitor):
    """Past nginx, at one machine after the other."""

    def __init__(self, stack, machine):
        super().__init__(stack)
        self.machine = machine

    def connection(self):
        return self.machine.connection()


def run(stack) -> Line:
    one, two = stack.machines
    different = [
        path for path in PAGES if AtOneMachine(stack, one).ask(path).text != AtOneMachine(stack, two).ask(path).text
    ]
    patient = AtOneMachine(stack, one)
    _answers, code = patient.send_request()
    patient.machine = two
    shown = CODE.search(patient.ask("/consult/received/").text)
    with Load(stack) as load:
        load.wait_for(200)
    broken = load.problem()
    if different:
        broken = f"the machines differ in {', '.join(different)}"
    if not shown or shown[0] != code:
        broken = "a request sent to one machine has no receipt on the other"
    return Line(
        done=f"{len(PAGES)} pages are the same on both; a request sent to one has its receipt on the other",
        sent=load.sent,
        failed=load.failed,
        broken=broken,
    )
