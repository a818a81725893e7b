"""Invented requests and replies for `load_demo`. None of these people exist."""

from dataclasses import dataclass, field

DEFAULT_ANSWERS = {
    "for_whom": "myself",
    "relationship": "",
    "phone": "",
    "may_phone": "",
    "preferred_contact": "email",
    "age_group": "18-39",
    "duration": "year",
    "gut_symptoms": "",
    "gut_details": "",
    "tried": "",
}


@dataclass(frozen=True)
class DemoRequest:
    topic: str
    days_ago: int
    answers: dict
    steps: list = field(default_factory=list)
    assigned: bool = False
    # Empty: the warning signs in the answers decide.
    urgency: str = ""
    notes: list = field(default_factory=list)
    # Pairs of who wrote it, "clinic" or "patient", and the text.
    messages: list = field(default_factory=list)


def _request(
    topic,
    days_ago,
    name,
    skin_problem,
    question,
    *,
    steps=(),
    assigned=False,
    urgency="",
    notes=(),
    messages=(),
    **more,
):
    email = f"{name.split()[0].lower()}@patients.example"
    answers = (
        DEFAULT_ANSWERS | {"name": name, "email": email, "skin_problem": skin_problem, "question": question} | more
    )
    return DemoRequest(topic, days_ago, answers, list(steps), assigned, urgency, list(notes), list(messages))


REQUESTS = [
    _request(
        "psoriasis",
        0,
        "Amina Okafor",
        "Thick scaly patches on both elbows and behind my ears. They crack in winter.",
        "Two friends stopped eating gluten and swear by it. Is it worth trying for me?",
        gut_symptoms="bloating,food-reaction",
        tried="Steroid cream, which helps while I use it.",
    ),
    _request(
        "atopic-dermatitis",
        1,
        "Peter Lindqvist",
        "My daughter is four. Her elbows and knees are red and she scratches at night until she bleeds.",
        "Would a probiotic help her, and is it safe at her age?",
        for_whom="somebody-else",
        relationship="I am her father",
        age_group="0-11",
        duration="years",
        urgency="soon",
    ),
    _request(
        "rosacea",
        2,
        "Maria Santos",
        "My cheeks flush and burn after meals, and small spots come up that are not like acne.",
        "I also have reflux. Are the two connected?",
        gut_symptoms="heartburn,bloating",
        age_group="40-64",
        steps=["in_triage"],
    ),
    _request(
        "acne",
        3,
        "Jonas Weber",
        "Painful deep spots along the jaw since I started lifting and drinking whey shakes.",
        "Could it be the whey? What would you change first?",
        steps=["in_triage"],
        assigned=True,
        notes=["Ask whether he takes anything else for training."],
    ),
    _request(
        "psoriasis",
        21,
        "Ruth Abrahams",
        "Plaques on my scalp and shins for twenty years, worse since last autumn.",
        "My stools have been loose since then too. Should somebody look at my gut?",
        age_group="65+",
        duration="years",
        gut_symptoms="diarrhoea,pain",
        preferred_contact="phone",
        phone="020 7946 0018",
        may_phone="no-message",
        urgency="urgent",
    ),
    _request(
        "",
        18,
        "Yuki Tanaka",
        "Itchy hives that come and go within hours, on the belly and arms.",
        "Is there a test that tells me which foods to leave out?",
        duration="comes-and-goes",
        gut_symptoms="none",
        steps=["in_triage"],
        assigned=True,
    ),
    _request(
        "atopic-dermatitis",
        9,
        "Leila Haddad",
        "Dry, cracked hands. I wash them thirty times a day at work.",
        "I have read about leaky gut. What is really known?",
        # She wants no e-mail, and does not say why.
        email="",
        phone="020 7946 0023",
        may_phone="no",
        steps=["in_triage"],
        assigned=True,
        notes=["Asked for photographs and the list of hand creams."],
        messages=[
            ("clinic", "Dear Leila, thank you for writing to us. Which creams do you use at work, and how often?"),
            ("patient", "The soap in the dispenser, and a hand cream twice a day. I can send you their names."),
            ("clinic", "Yes, please send us the names, and a photo of the backs of both hands."),
        ],
    ),
    _request(
        "rosacea",
        12,
        "Tom Gallagher",
        "Red nose and cheeks, visible little veins.",
        "Does treating bacteria in the small bowel help the skin?",
        age_group="40-64",
        steps=["in_triage"],
        assigned=True,
        messages=[
            ("clinic", "Dear Tom, a few small studies looked at this. They cannot tell yet. I suggest that we talk."),
            ("patient", "Thank you! Mondays are good for me."),
        ],
    ),
    _request(
        "acne",
        14,
        "Chiara Romano",
        "Spots on the back and chest, and marks that stay for months.",
        "Which foods are worth leaving out for three months, and which are not?",
        age_group="12-17",
        steps=["in_triage", "waiting_for_patient", "answered"],
        assigned=True,
    ),
    _request(
        "psoriasis",
        30,
        "Daniel Cohen",
        "A few coin-sized patches on the trunk.",
        "I have coeliac disease. Do the two belong together?",
        gut_symptoms="diarrhoea",
        steps=["in_triage", "answered", "closed"],
        assigned=True,
    ),
    _request(
        "",
        16,
        "Sofia Petrova",
        "A rash around the mouth.",
        "It has gone by itself, so I would like to take my question back. Thank you!",
        duration="weeks",
        steps=["withdrawn"],
    ),
    _request(
        "",
        5,
        "Best Offers",
        "Buy now",
        "Cheap followers and pills, click here",
        duration="not-sure",
        age_group="not-said",
        steps=["spam"],
    ),
    _request(
        "atopic-dermatitis",
        0,
        "Grace Mbeki",
        "My lips swelled after a meal with nuts, twice this month, and an itchy rash came up on my neck.",
        "Is it my eczema, or an allergy?",
        duration="weeks",
        gut_symptoms="food-reaction,nausea",
    ),
]

# Invented too. A clinic writes its own and switches these off.
CANNED_REPLIES = [
    (
        "Demo: we have read it",
        "Dear {name},\n\nThank you for your question about {topic}. We have read it, and we will write to you here by "
        "{due}.\n\nYour reference is {reference}.\n\nKind regards\n{clinician}",
    ),
    (
        "Demo: photos, please",
        "Dear {name},\n\nA photo would help us. Please add two or three on this page, by daylight: one from close up, "
        "and one from further away.\n\nKind regards\n{clinician}",
    ),
]
