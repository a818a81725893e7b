"""Snowball's stemmers, one language at a time: `import snowballstemmer` loads those of thirty, which take 2.6 MB."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

# Makes this module a package of the modules there, without running the __init__.py that imports them all.
__path__ = find_spec("snowballstemmer").submodule_search_locations


@cache
def stemmer(algorithm: str):
    """The stemmer of an algorithm, such as “english”. It keeps the current word as state, so it is not thread-safe."""
    module = import_module(f"{__name__}.{algorithm}_stemmer")
    return getattr(module, f"{algorithm.title()}Stemmer")()
