"""What is only read about, asked in general or long over is no red flag; what is reported beside it is one."""

import pytest

from consultations.red_flags import find_red_flags_in


def found(text):
    return [rule.id for rule in find_red_flags_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "I read that this cream can cause blisters, fever and eye pain",
        "The leaflet says it may cause headaches. I take lymecycline.",
        "Writing an essay on erythroderma, where do I begin?",
        "How common is eczema herpeticum? My son is fine, I just want to know.",
        "When I was 7 my throat swelled after a nut, nothing since",
        "Years ago I had meningitis. It has never come back.",
        "I read that isotretinoin can cause depression and suicidal thoughts. My mood is good.",
        "Started lymecycline last week, but no headache",
        "Iron tablets turned my poo black, the pharmacist said to expect it",
        "Baby is 3 weeks, temp 36.8, plenty of wet nappies",
        "baby 8 weeks, the cradle cap looks yellow",
        "I read about a man whose skin came off after antibiotics. I feel well.",
        "My son had Kawasaki at two, he's nine now and the heart scan was clear",
        "Four years ago I thought about ending things. I got help and I am well and happy now.",
        "There is no point going on with the dairy free diet",
        "toxic shock when i was 16 from a tampon. that was 20 yrs ago and ive been ok ever since. are moon cups safe",
        "My dad had a blocked bowel last year, operated, he's home and eating like a horse. Can he have nuts?",
        "I was sure my skin was turning yellow but turns out it was the fake tan lol. Does fake tan block pores",
        "Rosacea eyes a bit gritty but no pain, vision fine, light doesn't bother me. Warm flannels or drops?",
        "My weight is steady, no night sweats, no blood. Just bloated after onions. Is garlic the same?",
        "She's got chickenpox, running around, eating well, not sleepy or floppy. oat baths ok?",
        "my son is on flucloxacillin for infected eczema and had one runny nappy. normal?",
        "Eyes a little pink and itchy with hay fever. Can I use my eczema cream on the lids",
        "My UC is mild, one or two soft stools a day. Is it ok to have a coffee before my infusion",
        "cut my shin shaving, little bit of blood, stopped with tissue. does shaving make eczema worse",
        "Bit achy after the gym and my back spots are a bit worse. is it the whey",
        "He's small but on his line since birth, red book says fine. Should I give him oat milk",
        "my husband had uveitis three years ago, all settled. could it be linked to his psoriasis",
        "Crohn's, had a blockage and resection in 2012, well since. Is popcorn a bad idea?",
        "Got my iron infusion booked for Friday. Do they turn stools dark like the tablets do?",
        "Nervous about starting doxycycline tomorrow because a blog said it swells your brain. True?",
        "bloating and wind, no bleeding, no weight loss. sibo test yes or no",
        "Doxy week 3, a little loose on Mondays only lol. Coffee?",
        "Saw one streak of red when wiping after being constipated, known piles, none for weeks. ok to use the cream",
        "our boy had fits with fevers as a toddler, grown out of it, he's ten. does melatonin bother eczema",
        "No blood, no slime, no fever. Just wind after beans. Charcoal tablets?",
        "on erythromycin, a bit loose first two days, normal now. keep going?",
        "peeling palms after hand foot mouth last month, he's all better. cream?",
    ],
)
def test_what_is_only_read_asked_or_long_over_is_no_report(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("I read the leaflet and now my tongue is swollen", "airway"),
        ("I read it can cause swelling and my tongue is swollen", "airway"),
        ("The leaflet says it can cause swelling, tongue is swollen", "airway"),
        ("Can milk cause blood in my poo?", "blood-in-poo"),
        ("How common is blood in the poo?", "blood-in-poo"),
        ("How common is it? I have blood in my poo but I am fine", "blood-in-poo"),
        ("I am writing an essay and my throat is closing", "airway"),
        ("When I was 7 my throat swelled, nothing since until today", "airway"),
        ("When I was 7 I had eczema, nothing since, now my throat is swollen", "airway"),
        ("My throat is swollen as when I was 7, nothing since", "airway"),
        ("Years ago I had blood in my poo", "blood-in-poo"),
        ("I read that roaccutane can cause suicidal thoughts and I want to die", "self-harm"),
        ("I read that roaccutane can cause suicidal thoughts. Is that why I feel like this?", "self-harm"),
        ("Roaccutane can cause suicidal thoughts, I read. My mood is good, but I want to die", "self-harm"),
        ("When I was 16 I was suicidal, nothing since", "self-harm"),
        ("Iron turned my poo black, the nurse said so, but now it is like tar", "blood-in-poo"),
        ("Iron turned my poo black, the nurse said so. There is blood in my poo.", "blood-in-poo"),
        ("Baby is 3 weeks, temp was 36.8, now 38.6", "baby-fever"),
        ("baby 8 weeks, the cradle cap is yellow and so are her eyes", "pancreas-or-liver"),
        ("I read about a man whose skin came off after amoxicillin and now mine is coming off", "medicine-blisters"),
        ("My friend had a rash from lamotrigine. I started it too, my skin is blistering", "medicine-blisters"),
        ("Years ago I had shingles, all gone. Blisters near my eye again.", "sight-loss"),
        ("Four years ago I thought about ending things. I was well and happy, and it is back.", "self-harm"),
        ("Four years ago I was in a dark place. I am well and happy now. I want to die.", "self-harm"),
        ("There is no point going on with the diet or with life", "self-harm"),
        ("Not about me: how common is it to be suicidal?", "self-harm"),
        ("On methotrexate, had sepsis in spring, home since May. 39 fever and shaking", "weak-immune-system"),
        ("Uveitis years ago, all settled. Very painful red eye since Friday and light is agony", "eye"),
        ("I was sure it was beetroot but it's blood, loads of it with clots in the toilet", "heavy-bleeding"),
        ("One runny nappy and vomited everything since yesterday, eyes sunken", "dehydration"),
        ("Haven't started the cream. I read the leaflet. My skin is blistering since Bactrim", "medicine-blisters"),
    ],
)
def test_a_report_counts_beside_what_was_read_asked_or_is_over(text, rule):
    assert rule in found(text)
