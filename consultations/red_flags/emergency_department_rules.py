"""Rules whose advice is to go to an emergency department now, some of them to one's own doctor in milder cases.

docs/clinicians/red-flags.md says which of this advice a clinician still has to word.
"""

from django.utils.translation import gettext_lazy as _lazy

from consultations.red_flags.advice import Advice, Rule

_CALL_INSTEAD_FOR_A_BABY = _lazy(
    "Call the emergency number instead if the baby is floppy, hard to wake, breathes badly, turns blue or has a fit."
)

EMERGENCY_DEPARTMENT_RULES = [
    Rule(
        "baby-fever",
        _lazy("A baby under 3 months with 38 °C or more, or under 36 °C"),
        {
            "emergency-department": Advice(
                _lazy("a baby under 3 months has a temperature of 38 °C or more, or under 36 °C"),
                [
                    _CALL_INSTEAD_FOR_A_BABY,
                    _lazy("For a baby of 3 to 6 months with 39 °C or more, ask for urgent medical advice today."),
                ],
            )
        },
    ),
    Rule(
        "newborn-blisters",
        _lazy("Blisters or raw sores in a baby under 6 weeks"),
        {
            "emergency-department": Advice(
                _lazy("a baby under 6 weeks has blisters filled with fluid, or raw sores"),
                [_CALL_INSTEAD_FOR_A_BABY],
                _lazy(
                    "Flat blotches with tiny white or yellow bumps, in a baby who is well and feeds, are not an "
                    "emergency: ask a midwife, or ask for medical advice today."
                ),
            )
        },
    ),
    Rule(
        "scalded-skin",
        _lazy("Scalded skin: a child with sore skin that peels like a burn"),
        {"emergency-department": Advice(_lazy("a child has sore, red or dark skin that peels like a burn"))},
    ),
    Rule(
        "sight-loss",
        _lazy("Sudden loss of sight, strong eye pain, blisters near the eye, or pain with a contact lens"),
        {
            "emergency-department": Advice(
                _lazy(
                    "you suddenly lose sight, an eye hurts badly, it hurts with a contact lens, or there are blisters "
                    "or shingles near an eye or on the tip of the nose"
                ),
                [_lazy("If there is an emergency eye service near you, go there.")],
            )
        },
    ),
    Rule(
        "eye-swelling",
        _lazy("Swelling round the eye: bulging, double vision, pain on moving it, fever"),
        {
            "emergency-department": Advice(
                _lazy(
                    "an eye bulges, hurts when it moves, cannot be opened, or sees double or worse, or someone with a "
                    "swollen eye is drowsy"
                )
            ),
            "urgent": Advice(_lazy("an eyelid is hot and swollen, and there is a fever")),
        },
    ),
    Rule(
        "head-pressure",
        _lazy("Bad headache with blurred, double or lost sight; antibiotic tablets"),
        {
            "emergency-department": Advice(
                _lazy("a bad headache comes with blurred, double, greying or lost sight"),
                [
                    _lazy(
                        "If you take doxycycline, minocycline, lymecycline or another tetracycline, take no more "
                        "tablets."
                    )
                ],
            )
        },
    ),
    Rule(
        "pancreas-or-liver",
        _lazy("Pancreas or liver: strong upper belly pain with vomiting; yellow eyes or skin, dark pee"),
        {
            "emergency-department": Advice(
                _lazy("strong pain in the upper belly goes through to the back, and you vomit"),
                [_lazy("If you take isotretinoin, take no more capsules.")],
            ),
            "urgent": Advice(
                _lazy("the eyes or the skin turn yellow, or pee turns dark with pain or while you take a new medicine"),
                [
                    _lazy("If you take isotretinoin or antibiotic tablets for your skin, take no more of them."),
                    _lazy("Be seen today."),
                ],
            ),
        },
    ),
    Rule(
        "severe-colitis",
        _lazy("6 or more bloody stools a day with fever or a fast heart"),
        {
            "emergency-department": Advice(
                _lazy("there are 6 or more bloody poos a day, with a fever or a fast heartbeat")
            )
        },
    ),
    Rule(
        "coeliac-crisis",
        _lazy("Coeliac crisis: severe watery diarrhoea with weakness, cramps or faintness"),
        {
            "emergency-department": Advice(
                _lazy("someone with coeliac disease has severe watery diarrhoea and is weak or faint, or has cramps")
            )
        },
    ),
]
