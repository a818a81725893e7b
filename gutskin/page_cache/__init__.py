"""Finished public pages, kept in memory and answered before Django (docs/decisions/0039).

A page is kept only if its view says that it is the same for everybody (education/views/public.py). All pages that are
kept are thrown away when what a reader can see changes: content_version.py.
"""
