"""How far a “no” reaches: “no fever, weight loss or blood”, “I do not have blisters or fever”, “Blood: no”.

It reaches one thing, past a few fillers, and then the other things of a list. It never reaches a thing that may as well
be a new statement, such as the blood in “no fever, blood in my poo”: a false alarm costs less than a missed sign.
"""

# At most so many fillers between a negation and what it negates.
FILLERS = 4
# The longest thing in a list, in words ("blood in my poo"); after a comma, where a statement may begin, it is shorter.
ITEM = 4
ITEM_AFTER_COMMA = 2
# How many words a reversal is from the negation that it cancels: "no blood in my poo, not at home, until yesterday".
REVERSAL = 10
COMMAS = {",", "،"}
ASKING = {":", "?", "؟", "="}


def negated_positions(text, reversals: set[int]) -> set[int]:
    """The positions of negated words in `text`, a TextMatcher; `reversals` are those at which a reversal begins."""
    negations = [n for n, word in enumerate(text.words) if word in text.vocabulary.negations]
    reversed_near = {
        position
        for reversal in reversals
        for position in range(reversal - REVERSAL, reversal + REVERSAL + 1)
        if 0 <= position < len(text.words) and text.sentences[position] == text.sentences[reversal]
        # "Started last week, but no headache": the negation begins a statement of its own.
        if position < reversal or text.words[position - 1] not in text.vocabulary.framing.conjunctions
    }
    found = {reached for position in negations if position not in reversed_near for reached in _reach(text, position)}
    return found.union(*(_question_before(text, position) for position in negations))


def _reach(text, negation):
    words, vocabulary = text.words, text.vocabulary
    first = _after_fillers(text, negation + 1, text.parts[negation])
    if first is None:
        return []
    reached, after_comma = _thing(text, first), []
    item, longest = first, ITEM
    for position in range(first + 1, len(words)):
        if text.sentences[position] != text.sentences[negation]:
            break
        if words[position] in vocabulary.alternatives:
            item, longest = _after_fillers(text, position + 1, text.parts[position]), ITEM
            if item is None:
                break
            reached += after_comma + _thing(text, item)
            after_comma = []
        elif words[position] in vocabulary.statements or words[position] in vocabulary.negations:
            break
        elif text.parts[position] != text.parts[position - 1]:
            if text.separators[position] not in COMMAS:
                break
            item, longest = position, ITEM_AFTER_COMMA
            after_comma.append(position)
        elif position - item >= longest:
            break
        elif after_comma:
            after_comma.append(position)
    return reached


def _thing(text, start):
    """The negated word, with the next one if the two are one thing: “eye pain”."""
    is_of_two_words = text.words[start + 1] in text.vocabulary.heads and text.parts[start + 1] == text.parts[start]
    return [start, start + 1] if is_of_two_words else [start]


def _after_fillers(text, position, part):
    """Where the negated thing begins; None if there is none in this part of the sentence."""
    for beyond in range(position, min(position + FILLERS + 1, len(text.words))):
        if text.parts[beyond] != part:
            return None
        if text.words[beyond] not in text.vocabulary.fillers:
            return beyond
    return None


def _question_before(text, position):
    """The words that a “no” with nothing after it answers: “Blood in poo: no”."""
    if text.separators.get(position) not in ASKING or text.parts[position + 1] == text.parts[position]:
        return []
    start = position - 1
    while start > 0 and text.parts[start - 1] == text.parts[position - 1]:
        start -= 1
    return range(start, position)
