"""Rules whose advice is to call the emergency number now.

docs/clinicians/red-flags.md says which of this advice a clinician still has to word.
"""

from django.utils.translation import gettext_lazy as _lazy

from consultations.red_flags.advice import Advice, Rule

_PALE_PLACES = _lazy(
    "On brown or black skin, look at the palms, the soles, the tummy, the lips and tongue, the roof of the mouth, and "
    "inside the eyelids."
)

EMERGENCY_RULES = [
    Rule(
        "airway",
        _lazy("Anaphylaxis: swelling of face, lips, tongue or throat, trouble breathing, wheeze, or collapse"),
        {
            "emergency": Advice(
                _lazy(
                    "the face, lips, tongue or throat swell, it is hard to breathe, you wheeze, or someone feels "
                    "faint, collapses, is confused, or turns blue, grey or pale. There may be no rash"
                ),
                [
                    _lazy("Use an adrenaline pen now if you have one: into the outer thigh, through clothes."),
                    _lazy("Call the emergency number and say “anaphylaxis”."),
                    _lazy(
                        "Lie flat with your legs raised. If it is hard to breathe, sit up with your legs out. If you "
                        "are pregnant, lie on your left side."
                    ),
                    _lazy("Do not stand or walk, even if you feel better."),
                    _lazy("If you are no better after 5 minutes, use a second pen."),
                    _lazy("Go to hospital, even if you are well again."),
                ],
                _lazy(
                    "Hives alone are not an emergency, if you breathe easily, do not feel faint, and your tongue and "
                    "throat do not swell."
                ),
            )
        },
    ),
    Rule(
        "sepsis",
        _lazy("Sepsis: infection with confusion, fast breathing or blotchy, grey, blue or pale skin; glass test"),
        {
            "emergency": Advice(
                _lazy(
                    "someone with an infection is confused or slurs their words, breathes very fast or very "
                    "hard, or has blotchy, grey, blue or pale skin, lips or tongue, or a rash that does not fade "
                    "under a glass"
                ),
                [
                    _lazy(
                        "Press the side of a clear glass on the rash. If you still see it through the glass, call now."
                    ),
                    _PALE_PLACES,
                    _lazy(
                        "Ask for urgent medical advice now if someone keeps vomiting, or if you feel that something "
                        "is seriously wrong."
                    ),
                ],
                _lazy("A fever beside a rash that you have had for a long time is not an emergency by itself."),
            )
        },
    ),
    Rule(
        "meningitis",
        _lazy("Meningitis: fever with a stiff neck, a bad headache, or light that hurts"),
        {
            "emergency": Advice(
                _lazy("there is a fever with a stiff neck, a bad headache, light that hurts, or cold hands and feet"),
                [
                    _lazy("Do not wait for a rash."),
                    _lazy("If there is a rash, press a glass on it. It may fade at first: keep checking."),
                ],
            )
        },
    ),
    Rule(
        "drowsy-child",
        _lazy("A baby or child who is floppy, hard to wake or blue, or has a weak cry"),
        {
            "emergency": Advice(
                _lazy(
                    "a baby or child is floppy, very sleepy or hard to wake, does not respond or feed, breathes badly, "
                    "turns blue, has a fit, or has a weak, high cry"
                )
            )
        },
    ),
    Rule(
        "medicine-blisters",
        _lazy("SJS or TEN: blisters, peeling, painful skin or sore mouth after a new medicine"),
        {
            "emergency": Advice(
                _lazy(
                    "in the first weeks after a new medicine the skin blisters, peels or hurts, or there are sores on "
                    "the lips, mouth, eyes or genitals. If you have had this before, it can come within 3 days"
                ),
                [
                    _lazy("Take no more of the new medicine."),
                    _lazy("Call the emergency number now, and take the packet with you."),
                    _lazy("If the medicine is for epilepsy, the heart or a transplant, say so on the phone."),
                ],
            )
        },
    ),
    Rule(
        "skin-failure",
        _lazy("Erythroderma: nearly all of the skin red or dark, with scaling, shivering, swelling or feeling ill"),
        {
            "emergency": Advice(
                _lazy(
                    "nearly all of the skin is red or darker than your usual colour, and it scales, or you are "
                    "shivery, hot, cold, swollen or ill. You do not need to have a fever"
                )
            )
        },
    ),
    Rule(
        "pustules",
        _lazy("Pustular psoriasis: many small pus-filled spots over sore skin"),
        {
            "emergency": Advice(
                _lazy(
                    "many small spots filled with pus spread over sore skin. You do not need to have a fever. You may "
                    "have chills, be short of breath, or be confused"
                )
            )
        },
    ),
    Rule(
        "severe-skin-infection",
        _lazy("Necrotising infection: skin that hurts far more than it looks, or goes numb, dark or blistered"),
        {
            "emergency": Advice(
                _lazy(
                    "skin hurts far more than it looks, or loses its feeling, or you have a fever or shivers "
                    "with dark, purple or grey blotches or blisters. This can also start in the groin or on the "
                    "genitals"
                ),
                [_lazy("Do not drive yourself.")],
            )
        },
    ),
    Rule(
        "toxic-shock",
        _lazy("Toxic shock: sudden fever with a rash like sunburn or sandpaper; tampon, wound or burn"),
        {
            "emergency": Advice(
                _lazy(
                    "there is a sudden fever with a rash like sunburn or sandpaper, or vomiting, and someone is "
                    "confused, turns blue or grey, or is short of breath"
                ),
                [
                    _lazy("If you use a tampon, take it out."),
                    _lazy(
                        "Without confusion, blue or grey skin, or shortness of breath: ask for urgent medical advice "
                        "now. Say if you used a tampon, or have a wound or a burn."
                    ),
                ],
            )
        },
    ),
    Rule(
        # Two levels: the emergency card comes first, and both are shown.
        "self-harm",
        _lazy("Thoughts of self-harm, of suicide or of not wanting to live"),
        {
            "emergency": Advice(
                _lazy("someone is harming themselves, or might act on thoughts of suicide"),
                [
                    _lazy(
                        "If someone has taken too many tablets, or anything harmful: call now, even if they feel well. "
                        "Have the packet at hand."
                    )
                ],
            ),
            "urgent": Advice(
                _lazy("there are thoughts of self-harm or of not wanting to live"),
                [
                    _lazy("You do not need to be “bad enough” to ask for help."),
                    _lazy("If you might act on these thoughts, call the emergency number now."),
                ],
            ),
        },
        respects_negation=False,
    ),
    Rule(
        "heavy-bleeding",
        _lazy("Heavy bleeding from the bowel or a wound, vomiting blood, or black stool with faintness"),
        {
            "emergency": Advice(
                _lazy(
                    "bleeding from the bottom or from a wound does not stop, there is a lot of blood or there are "
                    "large clots, someone vomits blood or something like coffee grounds, or the poo is black and they "
                    "feel faint"
                )
            )
        },
    ),
    Rule(
        "cannot-swallow",
        _lazy("Cannot swallow saliva, or chest pain with breathlessness or sweating"),
        {
            "emergency": Advice(
                _lazy("someone cannot swallow their saliva, or has pain in the chest and is short of breath or sweats"),
                [_lazy("If this began with a tablet or capsule, take no more of them.")],
            )
        },
    ),
    Rule(
        "bowel-blockage",
        _lazy("Bowel blockage: swollen, very painful belly with vomiting, and no stool or wind"),
        {
            "emergency": Advice(
                _lazy("the belly is swollen and very painful, with vomiting, or when no poo or wind comes out")
            )
        },
    ),
]
