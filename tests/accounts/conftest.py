import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_code_was_used():
    """allauth remembers used codes in the cache, which outlives a test."""
    cache.clear()
