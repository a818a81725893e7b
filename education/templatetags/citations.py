"""How templates name a reference."""

from django import template

from education.citation import author_and_year

register = template.Library()
register.filter("author_and_year", author_and_year)
