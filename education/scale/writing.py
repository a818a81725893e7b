"""Sentences made from word lists. They read like the site's texts, and say nothing that anyone should believe."""

from random import Random

# In a field that holds a digest or nothing. No content that anyone wrote or loaded has this value.
MARK = "load_scale"

CONDITIONS = """
    acne|eczema|psoriasis|rosacea|hives|vitiligo|hair loss|prurigo|lichen planus|boils|ichthyosis|dandruff|keratosis|
    impetigo|scabies|pemphigus|scleroderma|lupus of the skin|nappy rash|sun rash|heat rash|cold sores|warts|ringworm|
    athlete’s foot|shingles|cellulitis|erythema|folliculitis|pityriasis|dermatitis|xerosis|melasma|sweating|itch
"""
THERAPIES = """
    probiotics|prebiotics|synbiotics|zinc|vitamin D|fish oil|fermented milk|kefir|fibre|psyllium|inulin|oats|
    evening meals|
    a gluten-free diet|a Mediterranean diet|a low-FODMAP diet|fasting|less sugar|less milk|fewer antibiotics|
    short courses|
    stool transplants|butyrate|polyphenols|green tea|turmeric|moisturisers|wet wraps|bathing|sunlight|sleep|walking|yoga
"""
MECHANISMS = """
    short-chain fatty acids|tight junctions|mast cells|T cells|bile acids|the vagus nerve|cortisol|histamine|ceramides|
    antimicrobial peptides|zonulin|tryptophan|serotonin|interleukins|mucus|biofilms|the appendix|Paneth cells|filaggrin
"""
PLACES = """
    on the face|on the hands|on the scalp|on the legs|on the back|in the folds|on the feet|around the mouth|
    on the eyelids|
    in babies|in children|in teenagers|in pregnancy|after the menopause|in older people|in winter|in summer|at work|
    after antibiotics|after an infection|with coeliac disease|with colitis|with irritable bowel|with reflux|with asthma
"""
MICROBES = """
    Bifidobacterium longum|Bifidobacterium breve|Lactobacillus rhamnosus|Lactobacillus plantarum|Akkermansia|Prevotella|
    Faecalibacterium|Roseburia|Bacteroides|Clostridia|Escherichia coli|Cutibacterium|Staphylococcus aureus|Malassezia
"""
OUTCOMES = """
    itch|redness|scaling|number of spots|sleep|quality of life|flares|need for creams|skin dryness|pain|stool pattern|
    bloating|days off work|side effects|new patches|healing time|satisfaction|anxiety
"""
SENTENCES = """
    {microbe} was found less often in people with {condition} {place} than in others.
    In a trial of {count} people, {therapy} changed {outcome} a little after {weeks} weeks.
    Nobody knows yet whether {mechanism} comes first, or {condition} does.
    People with {condition} often ask about {therapy}, and about {therapy2}.
    Two reviews disagree about {therapy} for {condition} {place}.
    {mechanism} may carry signals from the gut to the skin, mostly in mice so far.
    Of {count} people who tried {therapy}, {few} stopped because of {outcome}.
    Keep using the cream that you were given, whatever you read about {therapy}.
    The studies of {microbe} were small, and most of them lasted {weeks} weeks or less.
    {condition} {place} can look like {condition2}, so ask somebody who has seen both.
    {outcome} was better with {therapy}, but the people knew what they were taking.
    A stool test cannot tell you today whether {therapy} will help against {condition}.
    When {condition} {place} gets worse within days, do not wait for the results of {therapy}.
    Researchers measured {mechanism} in {count} samples, and saw large differences between people.
    Eating less of something for {weeks} weeks is long enough to see whether {outcome} changes.
"""
# Enough to tell that search and lists handle another language.
SPANISH = """
    El intestino y la piel se comunican por varias vías, y no se sabe cuál pesa más.
    Muchas personas preguntan por los probióticos, y los estudios son pequeños.
    No deje su tratamiento sin hablar antes con su médico.
    La barrera de la piel y la del intestino se parecen en su función.
    Los resultados cambian de una persona a otra y de una semana a otra.
    La dieta puede ayudar a algunas personas, pero no sustituye las cremas.
"""


def listed(words: str) -> list[str]:
    """The entries between bars, or one for each line if there are no bars."""
    parts = words.replace("\n", " ").split("|") if "|" in words else words.splitlines()
    return [" ".join(part.split()) for part in parts if part.strip()]


VOCABULARY = {
    name: listed(words)
    for name, words in {
        "condition": CONDITIONS,
        "therapy": THERAPIES,
        "mechanism": MECHANISMS,
        "place": PLACES,
        "microbe": MICROBES,
        "outcome": OUTCOMES,
        "sentence": SENTENCES,
    }.items()
}
SPANISH_SENTENCES = listed(SPANISH)


class Writer:
    """Writes the same texts for the same seed."""

    def __init__(self, seed: str):
        self.random = Random(seed)  # noqa: S311  made-up texts, not secrets

    def one(self, name: str) -> str:
        return self.random.choice(VOCABULARY[name])

    def sentence(self, language: str = "en") -> str:
        if language == "es":
            return self.random.choice(SPANISH_SENTENCES)
        words = {name: self.one(name) for name in ("condition", "therapy", "mechanism", "place", "microbe", "outcome")}
        written = self.one("sentence").format(
            **words,
            condition2=self.one("condition"),
            therapy2=self.one("therapy"),
            count=self.random.randint(12, 900),
            few=self.random.randint(2, 9),
            weeks=self.random.randint(4, 26),
        )
        return written[0].upper() + written[1:]

    def text(self, sentences: int, language: str = "en") -> str:
        return " ".join(self.sentence(language) for _number in range(sentences))

    def most_often_the_first(self, rows: list, skew: float = 2.0):
        """One of the rows. Real links are like that: a few pages and papers have most of them."""
        return rows[int(len(rows) * self.random.random() ** skew)]

    def several(self, rows: list, count: int, skew: float = 2.0) -> list:
        """Up to `count` different rows."""
        return list({id(row): row for row in (self.most_often_the_first(rows, skew) for _ in range(count))}.values())
