"""What the templates of printed documents need beside those of pages."""

from django import template
from django.utils.html import format_html, format_html_join

from education.leaflets.pictures import people_picture

register = template.Library()


@register.simple_tag
def people(number) -> str:
    """The icon arrays of a ShownNumber, as backgrounds: in a tagged PDF, nothing of them is read aloud.

    With a style attribute each, which no Content-Security-Policy forbids on paper.
    """
    pictures = [people_picture(array, is_harm=number.is_harm) for array in number.arrays]
    drawn = "padding-block-start: {}%; background: url('{}') top left / contain no-repeat"
    styles = ((format_html(drawn, picture.percent_high, picture.src),) for picture in pictures)
    return format_html_join("", '<div class="people"><div style="{}"></div></div>', styles)
