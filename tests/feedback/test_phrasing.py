"""Templates come from people: they can name variables, and nothing else."""

import pytest
from django.template import TemplateSyntaxError

from feedback.messages.template_language import fill, parse


def test_variables_are_filled_in_and_nothing_is_escaped() -> None:
    assert fill("{{ name }} & {{shop}}: {{ words }}.", {"name": "Ann", "shop": "<L&L>"}) == "Ann & <L&L>: ."


@pytest.mark.parametrize(
    "source",
    [
        "{% load static %}",
        "{% include 'base.html' %}",
        "{% extends 'base.html' %}",
        "{% url 'admin:index' %}",
        "{% debug %}",
        "{% now 'Y' %}",
        "{% for x in name %}{% endfor %}",
        "{% if name %}{% endif %}",
        "{% csrf_token %}",
        "{{ settings.SECRET_KEY }}",
        "{{ name.__class__ }}",
        "{{ name.format }}",
        "{{ name|upper }}",
        "{{ name|ljust:'99999999' }}",
        "{{ 'words' }}",
        "{{ 12 }}",
        "{{ _('words') }}",
        "{{ nmae }}",
        "{{ }}",
    ],
)
def test_anything_else_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        parse(source)


def test_the_refusal_says_what_is_wrong() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"no variable \{\{ nmae \}\}"):
        parse("Hello {{ nmae }}")


def test_what_is_filled_in_is_not_read_as_a_template() -> None:
    assert fill("{{ words }}", {"words": "{{ name }}{% debug %}", "name": "Ann"}) == "{{ name }}{% debug %}"
