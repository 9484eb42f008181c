"""Filters of the pages about imports."""

from django import template

from signoff.imports.jobs import text as jobs

register = template.Library()
register.filter("format_name", jobs.format_name)
register.filter("import_tone", jobs.import_tone)
