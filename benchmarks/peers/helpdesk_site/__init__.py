"""django-helpdesk with its public form, as its installation page sets it up.

On SQLite with the same options as ours: without them its writers fail with "database is locked". Its mails are thrown
away, while ours are stored.
"""
