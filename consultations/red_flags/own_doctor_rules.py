"""Rules whose advice is to see one's own doctor: today, or soon.

docs/clinicians/red-flags.md says which of this advice a clinician still has to word.
"""

from django.utils.translation import gettext_lazy as _lazy

from consultations.red_flags.advice import Advice, Rule

OWN_DOCTOR_RULES = [
    Rule(
        "painful-blisters",
        _lazy("Eczema herpeticum: painful or clustered blisters, or punched-out sores on eczema"),
        {
            "urgent": Advice(
                _lazy(
                    "eczema suddenly gets worse and hurts, there are painful blisters or groups of small blisters, or "
                    "many small round sores of the same size that look punched out. You do not need to have a fever"
                ),
                [
                    _lazy("Say on the phone that it may be eczema herpeticum, which has to be treated the same day."),
                    _lazy(
                        "Go to an emergency department now if it is near an eye, in a baby under 1 year, or in someone "
                        "whose immune system is weak."
                    ),
                ],
            )
        },
    ),
    Rule(
        "medicine-rash",
        _lazy("DRESS: rash with fever, a swollen face or swollen glands after a new medicine"),
        {
            "urgent": Advice(
                _lazy(
                    "a rash comes with a fever, a swollen face or swollen glands, from a few days to about 8 "
                    "weeks after you start a new medicine"
                ),
                [
                    _lazy("Take no more of the new medicine."),
                    _lazy("Be seen today, and say which medicine it is."),
                    _lazy("Call the emergency number if your eyes turn yellow, or you are breathless or confused."),
                ],
            )
        },
    ),
    Rule(
        "eye",
        _lazy("Eye pain, light that hurts, or blurred sight"),
        {
            "urgent": Advice(
                _lazy("an eye hurts, light hurts your eyes, or sight is blurred or gets worse"),
                [_lazy("If you can reach no doctor today, go to an emergency department.")],
                _lazy(
                    "Red or gritty eyes that see normally are not an emergency: an optician or a pharmacist can help."
                ),
            )
        },
    ),
    Rule(
        "spreading-skin",
        _lazy("Hot, painful skin that spreads"),
        {
            "urgent": Advice(
                _lazy("there is hot, painful skin that spreads"),
                [
                    _lazy(
                        "Call the emergency number instead if it hurts far more than it looks, or if you are confused, "
                        "breathe very fast, or turn blotchy, grey, blue or pale."
                    )
                ],
            )
        },
    ),
    Rule(
        "weak-immune-system",
        _lazy("Weak immune system or diabetes, with fever, infection, or contact with chickenpox or shingles"),
        {
            "urgent": Advice(
                _lazy(
                    "your immune system is weak or you have diabetes, and you have 38 °C or more, feel very ill, have "
                    "hot skin that spreads, or a sore throat with mouth ulcers or bruises, or you were near someone "
                    "with chickenpox or shingles"
                ),
                [
                    _lazy("Phone the team that treats you today."),
                    _lazy("Do not take the next dose of a biologic or of methotrexate until they say so."),
                    _lazy("Never stop steroid tablets suddenly."),
                    _lazy(
                        "Call the emergency number if you have had chemotherapy, or if you are confused, breathe very "
                        "fast, or turn blotchy, grey, blue or pale."
                    ),
                ],
            )
        },
    ),
    Rule(
        "shingles",
        _lazy("Shingles: painful blisters on one side; near eye or ear it is an emergency"),
        {
            "urgent": Advice(
                _lazy("painful blisters or shingles come up on one side of the body"),
                [
                    _lazy("You can also ask a pharmacist. The medicine has to start within 3 days."),
                    _lazy(
                        "Go to an emergency department now if it is near an eye, on the nose or in an ear, if "
                        "your face droops, you hear less or feel dizzy, or if your immune system is weak."
                    ),
                ],
            )
        },
    ),
    Rule(
        "kawasaki",
        _lazy("Kawasaki disease: a child with 5 days of fever, rash, red eyes, cracked lips or swollen hands"),
        {
            "urgent": Advice(
                _lazy(
                    "a child has had 38 °C or more for 5 days, with a rash, red eyes, cracked lips, swollen hands or a "
                    "swollen gland. A baby under 1 year may have only some of these"
                )
            )
        },
    ),
    Rule(
        "blood-in-poo",
        _lazy("Blood in the stool, or black stool"),
        {
            "urgent": Advice(
                _lazy("there is blood in the poo, or the poo is black"),
                [
                    _lazy(
                        "Call the emergency number instead if the bleeding does not stop, there is a lot of blood, or "
                        "you feel faint."
                    ),
                    _lazy("Say if you take iron tablets: they can make poo black, too."),
                ],
            )
        },
    ),
    Rule(
        "antibiotic-diarrhoea",
        _lazy("Diarrhoea with fever, blood or many watery stools, during or after antibiotics"),
        {
            "urgent": Advice(
                _lazy(
                    "there is diarrhoea with a fever or blood, or 3 or more watery poos a day for 2 days, during "
                    "antibiotics or in the weeks after them"
                ),
                [
                    _lazy("Ask before you take the next dose, and before you take a medicine against diarrhoea."),
                    _lazy(
                        "Call the emergency number if the belly is swollen and very painful, or you feel faint or "
                        "confused."
                    ),
                ],
                _lazy("Loose poo while you feel well is not an emergency: ask a pharmacist, and finish the course."),
            )
        },
    ),
    Rule(
        "dehydration",
        _lazy("Dehydration: no pee, dark pee, few wet nappies, cannot keep drinks down"),
        {
            "urgent": Advice(
                _lazy(
                    "you keep vomiting, your pee is dark and you feel dizzy, or there has been no pee all day, "
                    "or for 12 hours in a baby or young child"
                ),
                [
                    _lazy(
                        "Call the emergency number if someone is drowsy or confused, or has cold skin or a fast pulse."
                    )
                ],
            )
        },
    ),
    Rule(
        "gullet",
        _lazy("Tablet stuck, or pain on swallowing or behind the breastbone after tablets"),
        {
            "urgent": Advice(
                _lazy("it hurts to swallow, or behind the breastbone, after a tablet or capsule"),
                [
                    _lazy("Take no more of the tablets, and phone your doctor today."),
                    _lazy(
                        "Call the emergency number if you cannot swallow your saliva, vomit blood, or have pain in the "
                        "chest and are short of breath or sweat."
                    ),
                ],
            )
        },
    ),
    Rule(
        "tetracycline-headache",
        _lazy("New headache on antibiotic tablets"),
        {
            "urgent": Advice(
                _lazy("you have a new headache while you take doxycycline, minocycline, lymecycline or the like"),
                [
                    _lazy("Phone your doctor today."),
                    _lazy(
                        "If sight is blurred, double, greying or lost: take no more tablets, and go to an emergency "
                        "department now."
                    ),
                ],
            )
        },
    ),
    Rule(
        "isotretinoin-pregnancy",
        _lazy("Isotretinoin and a pregnancy, a late period, or sex without protection"),
        {
            "urgent": Advice(
                _lazy(
                    "you take isotretinoin, and your period is late, a pregnancy test is positive, or you had sex "
                    "without protection"
                ),
                [
                    _lazy("Take no more capsules."),
                    _lazy("Call the person who prescribes them today."),
                    _lazy("Ask a pharmacist about emergency contraception."),
                ],
            )
        },
    ),
    Rule(
        "isotretinoin-mood",
        _lazy("Isotretinoin and a change of mood or behaviour"),
        {
            "urgent": Advice(
                _lazy("your mood or behaviour changes while you take isotretinoin"),
                [
                    _lazy("Tell the person who prescribes it today, and ask your family to watch for changes."),
                    _lazy("If you might act on thoughts of suicide, call the emergency number now."),
                ],
            )
        },
    ),
    Rule(
        "acne-fulminans",
        _lazy("Acne that suddenly ulcerates, bleeds or crusts, with fever or sore joints"),
        {"urgent": Advice(_lazy("acne suddenly turns into open sores, bleeds or crusts, with a fever or sore joints"))},
    ),
    Rule(
        "weight-loss",
        _lazy("Weight loss without trying"),
        {"non-urgent": Advice(_lazy("someone loses weight without meaning to"))},
        "soon",
    ),
    Rule(
        "child-not-growing",
        _lazy("A child who does not grow, or loses weight"),
        {"non-urgent": Advice(_lazy("a child is not growing, or loses weight"))},
        "soon",
    ),
]
