"""Words that say little about the subject. A query that holds nothing else is asked with them as with any others."""

ARABIC = "في من على عن الى مع هل ما ماذا كيف لماذا هو هي هذا هذه ان او و"
ENGLISH = """
a about am an and any are as at be been by can could did do does for from had has have how i if in into is it its me
my of on or our so than that the their them then there these they this those to was we were what when where which who
why will with would you your
"""
SPANISH = """
a al como con cual cuando de del donde el ella en es esta este hay la las lo los me mi mis o para pero por porque que
se si son su sus tiene un una uno y
"""

# What a question says about its subject. A page need not have them, and is ranked a little higher if it has.
WEAK_ENGLISH = """
actually affect affected affects bad best better between cause caused causes causing connected connection cure cured
cures difference different ever get gets getting give gives giving go good got happen happens health healthy help
helpful helping helps
kill kills know like likely linked long lot make makes making many matter mean meaning means more most much need
needed not only ok okay people person really should start starting stop stopping take taken taking tell test tested
tests thing things too treat treated treats try trying use used useful using very want work working works worse worth
"""
WEAK_SPANISH = """
afecta ayuda ayudan bien bueno buena causa causan hacer mal malo mala mas mejor mucho muy peor puede puedo salud
sirve significa tomar usar
"""

# As `fold` writes them: without accents and capitals.
WEAK = {"en": frozenset(WEAK_ENGLISH.split()), "es": frozenset(WEAK_SPANISH.split())}
STOPWORDS = {"ar": frozenset(ARABIC.split()), "en": frozenset(ENGLISH.split()), "es": frozenset(SPANISH.split())}
