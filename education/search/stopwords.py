"""Words that say nothing about the subject. They are left out of a query, unless it holds nothing else."""

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

# As `fold` writes them: without accents and capitals.
STOPWORDS = {"ar": frozenset(ARABIC.split()), "en": frozenset(ENGLISH.split()), "es": frozenset(SPANISH.split())}
