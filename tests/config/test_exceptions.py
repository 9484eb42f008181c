"""Every exception of the project survives the way between two processes."""

import inspect
import pickle
import pkgutil
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from types import UnionType
from typing import Any, get_type_hints

import pytest
from django.db.models import Model
from django.utils import timezone

from signoff.models import Order, Shop, SignOff

APPS = ("signoff", "returns", "inspection", "refunds", "feedback", "config")
#: modules that start something, or need a platform, when they are imported
NOT_IMPORTED = ("config.wsgi", "config.runtime.gunicorn", "migrations")


def exceptions() -> Iterator[type[Exception]]:
    for app in APPS:
        package = import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if not any(part in module.name for part in NOT_IMPORTED):
                import_module(module.name)
    yield from sorted(set(_subclasses(Exception)), key=lambda kind: (kind.__module__, kind.__name__))


def _subclasses(kind: type) -> Iterator[type]:
    for subclass in kind.__subclasses__():
        if subclass.__module__.partition(".")[0] in APPS and "." not in subclass.__qualname__:  # none of Django's
            yield subclass
        yield from _subclasses(subclass)


def example(kind: type[Exception]) -> Exception:
    """An instance with a value of the right type for each parameter."""
    if kind.__init__ in (Exception.__init__, ValueError.__init__, LookupError.__init__, RuntimeError.__init__):
        return kind("A sentence.")
    hints = get_type_hints(kind.__init__)
    arguments, named = [], {}
    for parameter in list(inspect.signature(kind.__init__).parameters.values())[1:]:
        value = _value(parameter.name, hints.get(parameter.name, str))
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = value
        elif parameter.kind is not parameter.VAR_KEYWORD:
            arguments.append(value)
    return kind(*arguments, **named)


def _value(name: str, hint: Any) -> Any:
    if isinstance(hint, UnionType) and type(None) in hint.__args__:
        return None
    if hint is SignOff:
        order = Order(pk=1, shop=Shop(pk=1, time_zone="Asia/Shanghai"))
        return SignOff(pk=1, order=order, signed_at=timezone.now(), outcome=SignOff.Outcome.ACCEPTED)
    if inspect.isclass(hint) and issubclass(hint, Model):
        return hint(pk=1)
    if hint is timedelta:
        return timedelta(minutes=1)
    if "Mapping" in str(hint):
        return {}
    if hint is int:
        return 1
    if inspect.isclass(hint) and issubclass(hint, str) and hasattr(hint, "__members__"):
        return next(iter(hint))
    return [ValueError("A sentence.")] if "Sequence" in str(hint) else f"Words for {name}."


@pytest.mark.parametrize("kind", list(exceptions()), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_an_exception_is_the_same_in_another_process(kind: type[Exception]) -> None:
    original = example(kind)
    copy = pickle.loads(pickle.dumps(original))  # noqa: S301 - its own bytes
    assert (type(copy), str(copy)) == (kind, str(original))
    assert {name: str(value) for name, value in vars(copy).items()} == {
        name: str(value) for name, value in vars(original).items()
    }
