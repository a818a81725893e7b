"""For each language and rule: texts that match the rule, and similar texts that do not."""

MATCHING = {
    "en": {
        "airway": [
            "My tongue swells up after peanuts.",
            "Both LIPS were swollen this morning",
            "It’s hard to breathe when the rash comes",
            "I can’t breathe properly",
            "She gets short of breath.",
            "My son collapsed after eating shrimp",
            "My throat is closing up",
            "anaphylaxis last week",
            "Medicines: no\nMy lips swell when I eat nuts",
            "Allergies: no – my lips swell when I eat nuts",
            "Asthma (no) my lips swell",
        ],
        "sepsis": [
            "The sore is infected and grandma is confused since last night",
            "Infected eczema, and the skin on his legs looks mottled.",
            "He has a fever and is breathing very fast",
            "could this be sepsis?",
        ],
        "skin-failure": [
            "The skin is red all over and I have a fever.",
            "It is peeling everywhere. I feel feverish.",
            "my whole body is hot and red\nand I have a high temperature",
        ],
        "pustules": [
            "Spots with pus all over, and a fever",
            "Pustules cover large areas, I had a temperature of 39.2 yesterday.",
            "pus-filled spots on my whole body with chills",
        ],
        "self-harm": [
            "Sometimes I want to die.",
            "I do not want to die",
            "I feel suicidal",
            "I have no reason to live with this skin",
            "I don't want to live any more",
            "He says that he wants to kill himself",
            "she has been cutting herself",
            "I think about ending my life",
            "I wish I was dead",
            "s\u200buicide",
            "Ｓｕｉｃｉｄａｌ",
        ],
        "painful-blisters": [
            "Painful blisters on the eczema around my mouth",
            "The blisters hurt a lot",
            "Punched-out sores on his eczema",
            "my doctor said eczema herpeticum",
        ],
        "eye": [
            "My eye hurts and is red",
            "Blurred vision in the left eye since Monday",
            "There is a stabbing pain in my eyes",
        ],
        "spreading-skin": [
            "The skin is hot and it is spreading up my leg",
            "A red patch, spreading fast and very painful",
            "I was told it is cellulitis",
        ],
        "blood-in-poo": [
            "There is blood in my poo",
            "Bloody stools since Friday",
            "My poo is black and sticky",
            "I bleed when I go to the toilet",
            "No blood in my stool until yesterday.",
            "blood\nin\nmy\nstools",
            "No, blood in my stool",
            "Weight loss: no\nBlood in poo: yes",
            "Fever: no.Blood in poo: yes",
            "Fever, no\u2028blood in poo, yes",
            "When I go to the toilet I see blood. Work has been stressful.",
            "On the toilet I see blood\nWork has been stressful",
            "On the toilet I see blood, pressure in my belly too",
        ],
        "antibiotic-diarrhoea": [
            "Diarrhoea and fever since I started doxycycline",
            "Watery poo after antibiotics, with a fever",
            "diarrhea, high temperature, just finished amoxicillin",
        ],
        "weight-loss": [
            "I have lost 8 kg without trying",
            "Unexplained weight loss",
            "I am losing weight and don't know why",
        ],
        "child-not-growing": [
            "My son is not growing. We left out milk and wheat.",
            "Our daughter has lost weight on the diet",
            "The baby is not gaining weight",
        ],
    }
}

NOT_MATCHING = {
    "en": {
        "airway": [
            "My lips are dry and my eyelids itch.",
            "Hard poo and bad breath.",
            "I have no trouble breathing.",
            "My ankles are swollen. My lips are chapped.",
        ],
        "sepsis": [
            "I am confused about what to eat.",
            "I had an infection last year. I find the advice about diets confusing.",
            "Breathing exercises help me fast.",
        ],
        "skin-failure": [
            "The skin is red all over.",
            "Red and hot skin everywhere, no fever.",
            "My elbows peel in winter.",
        ],
        "pustules": ["Pus in one spot on my chin", "Pustules all over my back", "spots all over and a fever"],
        "self-harm": [
            "The itch is killing me.",
            "I am dying to know whether bread matters.",
            "Scratching harms my skin.",
            "This has changed my life.",
        ],
        "painful-blisters": [
            "Small blisters that itch",
            "No painful blisters.",
            "The joint pain is old. Blisters came once.",
        ],
        "eye": ["I have dry eyes.", "An itchy rash beside my eye", "I see no pain in trying. My eyes are fine."],
        "spreading-skin": [
            "It is spreading slowly and itches.",
            "I spread the cream twice a day.",
            "Warm weather makes it worse.",
        ],
        "blood-in-poo": [
            "No blood in my poo.",
            "I have never seen any blood in my stools.",
            "There is no\u00a0blood in my poo, and no  bleeding.",
            "Blood tests and a stool sample were normal.",
            "My stool and blood-test results were normal.",
            "My elbows bleed. Stools are fine.",
            "I wear black shirts.",
        ],
        "antibiotic-diarrhoea": [
            "Antibiotics gave me diarrhoea.",
            "Diarrhoea with a fever last month",
            "No fever. Loose stools since doxycycline.",
        ],
        "weight-loss": [
            "Should I lose weight?",
            "I lost 5 kg on a diet and my skin is better",
            "I have not lost weight",
        ],
        "child-not-growing": [
            "My son is growing well.",
            "My daughter eats everything.",
            "The rash is not growing.",
        ],
    }
}
