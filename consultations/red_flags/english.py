"""What English-speaking patients write. matching.py explains the notation; spelling mistakes are on purpose.

docs/clinicians/red-flags.md lists what was left out, because our pages do not name it or because it would interrupt too
many patients for nothing.
"""

from consultations.red_flags.matching import Vocabulary, signs, words

# Alternatives that several signs share.
FEVER = "fever* / high temperature / high temp / temperature of / temp of / a temperature / chills"
ALL_OVER = "all over / whole body / entire body / everywhere / head to toe / body / most of me / covered"
POO = (
    "poo / poos / poop* / stool / stools / faeces / feces / bowel movement / bowel movements / motions / "
    "back passage / rectum / rectal / bottom / bum / anus / toilet / loo / diarr*"
)
SELF = "myself / himself / herself / themselves / themself / ourselves"
ANTIBIOTIC = (
    "antibiot* / amoxi* / doxycycl* / minocycl* / lymecycl* / oxytetracycl* / tetracycl* / erythromyc* / clindamyc* / "
    "fluclox* / clarithromyc* / azithromyc* / penicil*"
)

SIGNS = {
    "airway": [
        "lip / lips / tongue / throat / toungue / tounge + swell* / swollen / swelled / swole*",
        "throat > closing / closes / closed / closing up / is closing / tightens / is tightening",
        "breathe / breathing + hard / harder / difficult* / trouble* / struggl* / cant / cannot / couldnt / unable",
        "catch / gasping / gasps / fighting > breath / my breath / his breath / her breath / for breath / for air",
        "could not / can not > breathe",
        "short of breath / shortness of breath / out of breath / breathless*",
        "anaphyla* / anaphala*",
        "collaps* / faint* / passed out / passes out / pass out / blacked out + food* / eat / eats / eating / ate / "
        "eaten / meal / meals / nut / nuts / peanut*",
    ],
    "sepsis": [
        "sepsis / septic",
        f"infect* / {FEVER} + confus* / delirious",
        f"mottl* & infect* / {FEVER}",
        f"breathe / breathes / breathing + fast / faster / rapid* / quick* & infect* / {FEVER}",
    ],
    "skin-failure": [
        f"red / redness / hot / burn* / burning / peel* / coming off + {ALL_OVER} & {FEVER}",
    ],
    "pustules": [
        f"pus / pustul* + {ALL_OVER} / large areas & {FEVER}",
    ],
    "self-harm": [
        "suicid* / sucid* / suiside* / suisid* / suicde*",
        f"kill / kills / killing / killed / hurt / hurts / hurting / harm / harms / harming / harmed / hang / "
        f"hanging / cutting / cuts / stab / stabbing > {SELF}",
        f"cut > {SELF}",
        "self harm* / selfharm* / self injur* / slit > wrists / my wrists",
        "overdosed / an overdose",
        "want / wants / wanted / wanting / wanna / wish / wishes / wishing / ready / rather + to die / be dead / "
        "was dead / were dead / i die / wanna die / to be dead / rather die / am dead",
        "better off dead / better dead / better off without me",
        "not / dont / doesnt / didnt / no longer / never > want to live / wants to live / wanting to live / "
        "want to be alive / want to wake up / want to be here anymore / want to be here any more / want to exist",
        "no reason to live / nothing to live for / not worth living / isnt worth living / no point in living / "
        "no point living / tired of living / sick of living / go on living",
        "end / ends / ending / take / takes / taking > my life / my own life / his life / his own life / her life / "
        "her own life / their life / their own life / it all",
    ],
    "painful-blisters": [
        "herpeticum",
        "pain* / hurt* / sore / agony / agonising / burn* / burning + blister*",
        f"blister* & {FEVER}",
        "punched > out / holes / sores",
        "punched out",
    ],
    "eye": [
        "eye / eyes / eyeball / eyeballs + pain* / hurt / hurts / hurting / ache* / aching / agony / stabbing",
        "blur* + vision / sight / see / seeing / eye / eyes / eyesight",
        "lost / losing / loss > sight / vision / eyesight / my sight / of sight / of vision / my vision",
        "cant / cannot > see properly / see clearly / see well",
    ],
    "spreading-skin": [
        "cellulitis",
        f"spread* + hot / hotter / warm / warmer / heat / {FEVER}",
        "spread* + fast / faster / quick* / rapid* / hour / hours / overnight & pain* / sore / tender / hurt*",
    ],
    "blood-in-poo": [
        f"blood / bloody / bleed* / bled + {POO}",
        "poo / poos / poop* / stool / stools / faeces / feces + black / tarry / tar",
        "melena / melaena / malaena",
    ],
    "antibiotic-diarrhoea": [
        f"=gut_symptoms:diarrhoea & {ANTIBIOTIC} & {FEVER}",
        f"diarr* / diare* / diaho* / loose / watery / the runs & {ANTIBIOTIC} & {FEVER}",
    ],
    "weight-loss": [
        "lost / losing / lose / loses / loss / dropped / dropping / shed + weight / kg / kgs / kilo / kilos / stone / "
        "pounds / lb / lbs + without trying / without meaning / without wanting / without dieting / without changing / "
        "without any reason / without reason / unintentional* / unintended / unplanned / unexplained / no reason / "
        "not trying / not dieting / dont know why / do not know why / no idea why / cant explain / "
        "cannot explain / although i eat / even though i eat",
        "unintentional* / unintended / unplanned / unexplained > weight loss",
    ],
    # Each way of saying that it is about a child (chosen age or a word) with each symptom.
    "child-not-growing": [
        f"{child} & {trouble}"
        for child in (
            "=age_group:0-11 / =age_group:12-17",
            "child / childs / son / sons / daughter / daughters / baby / babys / toddler / boy / girl",
        )
        for trouble in (
            "not growing / isnt growing / doesnt grow / does not grow / stopped growing / not grown / hasnt grown / "
            "not gaining / isnt gaining / stopped gaining / failure to thrive / not putting on weight / not thriving",
            "lost weight / losing weight / loses weight / weight loss",
        )
    ],
}

# Apostrophes are removed before matching: "don't" is written as dont here.
ENGLISH = Vocabulary(
    signs=signs(SIGNS),
    negations=words("no not never without nor neither dont doesnt didnt isnt arent wasnt werent havent hasnt hadnt"),
    fillers=words("a an any the of sign signs had have got been seen noticed my his her"),
    reversals=words(
        "until till but now except unless anymore before yesterday today usually only just sure longer more recently "
        "lately although though however again sometimes"
    ),
    compounds={"blood": words("test tests work pressure sugar count counts type results vessels")},
)
