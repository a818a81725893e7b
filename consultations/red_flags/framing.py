"""Words that report no sign because of their frame: “I read that it can cause …”, “when I was 7, nothing since”.

As with a negation, a frame ends where a report may begin, such as at the tongue in “I read the leaflet and now my
tongue is swollen”: a false alarm costs less than a missed sign.
"""

from bisect import bisect_right

# How many words a frame reaches; without an end, the time for a long text would grow with its square.
REACH = 20
# How many words after “four years ago” the writer says to be well now.
RECOVERY = 40


def framed_positions(text) -> tuple[set[int], set[int]]:
    """The positions of words in `text`, a TextMatcher, that report no sign.

    Returns two sets: for most rules, and for those that no negation silences, such as self-harm. For the latter, what
    was read or asked counts unless the writer also says that the mood is good, and what was long ago counts unless the
    writer says “I am well and happy now”, and nothing that sounds like a relapse.
    """
    framing = text.vocabulary.framing
    good_mood = text.positions_of(framing.good_mood)
    silenced, for_all = _over(text), _explained(text, framing.figures) | _recovered(text)
    if not text.positions_of(framing.alike):
        heard, asked = (_told(text, frames, framing.reports) for frames in (framing.hearsay, framing.questions))
        silenced |= heard | _told(text, framing.elsewhere, framing.own)
        silenced |= _told(text, framing.imagined, framing.present | framing.states)
        if good_mood or text.positions_of(framing.reassurances):
            silenced |= asked
        if good_mood:
            for_all |= heard | asked
    silenced -= text.positions_of(framing.kept)
    silenced |= _of_ordinary_answers(text) | _mistaken(text)
    return silenced | for_all | good_mood | _explained(text, framing.harmless), for_all


def _explained(text, explanations):
    """Where a word has a harmless reason (“poo is black from iron”), unless the same answer says what has none."""
    ends = [n for n, word in enumerate(text.words) if not word]
    found = set()
    for harmless, unless in explanations:
        positions = text.positions_of([harmless])
        # Looked for only then, because it is seldom.
        doubted = {bisect_right(ends, n) for n in text.positions_of([unless])} if positions else ()
        found.update(n for n in positions if bisect_right(ends, n) not in doubted)
    return found


def _of_ordinary_answers(text):
    """All words of an answer such as “essay for nursing school …”, unless something in it sounds like a report."""
    ends = [n for n, word in enumerate(text.words) if not word]

    def answers(sign):
        return {bisect_right(ends, n) for n in text.positions_of([sign])}

    ordinary = set()
    for said, unless in text.vocabulary.framing.ordinary:
        # Looked for only then, because it is seldom.
        if found := set.intersection(*map(answers, said)):
            ordinary |= found - answers(unless)
    return {n for n in range(len(text.words)) if bisect_right(ends, n) in ordinary}


def _mistaken(text):
    """From “I thought my eyes were yellow” to “but it was just the light bulb”; what follows counts."""
    framing = text.vocabulary.framing
    ends = sorted(text.positions_of(framing.explained))
    found = set()
    for start in text.positions_of(framing.feared) if ends else ():
        following = bisect_right(ends, start + 2)
        if following < len(ends) and ends[following] <= start + REACH:
            between = range(start, ends[following])
            if framing.present.isdisjoint(text.words[n] for n in between):
                found.update(between)
    return found


def _recovered(text):
    """From what was long ago to “I am well and happy now”; nothing if anything sounds like a relapse."""
    framing = text.vocabulary.framing
    ends = sorted(text.positions_of(framing.well))
    if not ends or text.positions_of(framing.relapse):
        return set()
    found = set()
    for past in text.positions_of(framing.past):
        following = bisect_right(ends, past)
        if following < len(ends) and ends[following] <= past + RECOVERY:
            same = (n for n in range(max(past - REACH, 0), past) if text.sentences[n] == text.sentences[past])
            found.update(same, range(past, ends[following]))
    return found


def _told(text, frames, reports):
    return {position for start in text.positions_of(frames) for position in _until_a_report(text, start, reports)}


def _until_a_report(text, start, reports):
    """The words from `start` on; if a report begins among them, only those before the comma or “and” before it."""
    new_statement = start
    end = _limit(text, start)
    for position in range(start + 1, end):
        if _begins_a_clause(text, position):
            new_statement = position
        # The frame itself may contain such a word: “how common is”.
        if position > start + 1 and text.words[position] in reports:
            return range(start, new_statement)
    return range(start, end)


def _over(text):
    """What was long ago, up to where the writer says that it is over, in the same sentence or in the next two."""
    framing = text.vocabulary.framing
    ends = text.positions_of(framing.over)
    returned = text.positions_of(framing.returned) if ends else set()
    found = set()
    for past in text.positions_of(framing.past) if ends else ():
        if any(past < n < past + 2 * REACH for n in returned):
            continue
        sentence = text.sentences[past]
        near = range(max(past - REACH, 0), min(past + 2 * REACH, len(text.words)))
        over = next((n for n in near if n in ends and 0 <= text.sentences[n] - sentence <= 2 and n >= past), None)
        if over is None:
            continue
        said = [n for n in near if n < over and text.sentences[n] == sentence]
        # Without the clause that says that it is over: "and she has been fine since".
        # In a later sentence, or after a comma, it is a clause of its own.
        is_own = text.sentences[over] != sentence or _begins_a_clause(text, over)
        clause = over if is_own else next((n for n in reversed(said) if _begins_a_clause(text, n)), over)
        told = [n for n in said if n < clause] if past < clause else said
        is_over = framing.exceptions.isdisjoint(text.words[over : over + 4])
        if is_over and framing.present.isdisjoint(text.words[n] for n in told):
            found.update(_not_of_now(text, told))
    return found


def _not_of_now(text, told):
    """Without the clauses that are about now: “had Kawasaki at two, she is nine now”."""
    clauses = []
    for position in told:
        if not clauses or _begins_a_clause(text, position):
            clauses.append([])
        clauses[-1].append(position)
    states = text.vocabulary.framing.states
    return [n for clause in clauses if states.isdisjoint(text.words[n] for n in clause) for n in clause]


def _begins_a_clause(text, position):
    is_first = position > 0 and text.parts[position] != text.parts[position - 1]
    return is_first or text.words[position] in text.vocabulary.framing.conjunctions


def _limit(text, start):
    """The position after the last word that a frame at `start` can reach."""
    end = start + 1
    while end < min(start + REACH, len(text.words)) and text.sentences[end] == text.sentences[start]:
        end += 1
    return end
