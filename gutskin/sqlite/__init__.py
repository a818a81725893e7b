"""Django's SQLite backend, whose writers wait for their turn in short steps. See base.py."""
