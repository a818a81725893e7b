"""A state as a word on a coloured ground. The colours are in static/css/admin.css."""

from django.utils.html import format_html


def chip(state, label):
    return format_html('<span class="chip chip--{}">{}</span>', state, label)
