"""Text that readers see as soon as it is saved, with no review in between, obeys the words for patients at once."""

from django.core.exceptions import ValidationError

from education import publication_rules


def with_plain_words(text):
    if problems := publication_rules.word_problems(text):
        raise ValidationError(problems)
    return text
