"""A state as a word on a coloured background. The colours are in static/css/admin.css."""

from django.utils.html import format_html


def badge(state, label):
    return format_html('<span class="chip chip--{}">{}</span>', state, label)
