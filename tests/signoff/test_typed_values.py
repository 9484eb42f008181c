"""Values whose type says less than the rules of their rows."""

import pytest
from django import forms
from django.http import Http404

from signoff.db.required import required
from signoff.pictures.serve import size_of
from signoff.web.fields import choice_field


class Form(forms.Form):
    shop = forms.ChoiceField(choices=[("uk", "UK")])
    words = forms.CharField()


@pytest.mark.parametrize("value", [0, "", "a", False])
def test_a_value_that_is_there_is_handed_on(value: object) -> None:
    assert required(value) is value


def test_a_missing_value_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="every such row has"):
        required(None)


def test_a_field_with_choices_is_found_by_its_name() -> None:
    form = Form()
    choice_field(form, "shop").choices = [("de", "Germany")]
    assert "Germany" in str(form["shop"])


def test_a_field_without_choices_is_refused() -> None:
    with pytest.raises(TypeError, match="words is not a field with choices"):
        choice_field(Form(), "words")


@pytest.mark.parametrize("word", ["full", "thumbnail"])
def test_a_picture_has_two_sizes(word: str) -> None:
    assert size_of(word) == word


@pytest.mark.parametrize("word", ["", "FULL", "original"])
def test_any_other_size_does_not_exist(word: str) -> None:
    with pytest.raises(Http404):
        size_of(word)
