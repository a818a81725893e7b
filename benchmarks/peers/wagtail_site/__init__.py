"""Wagtail as `wagtail start` sets it up, with one kind of page. WAGTAIL_CACHE=on adds wagtail-cache by its README."""
