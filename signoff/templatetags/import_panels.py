"""Filters of the pages about imports."""

from django import template

from signoff import showing_imports

register = template.Library()
register.filter("format_name", showing_imports.format_name)
register.filter("import_tone", showing_imports.tone_of)
