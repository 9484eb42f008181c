"""What belongs to lists of the desk: saved views, and bulk steps with their rows."""

import factory
from factory.django import DjangoModelFactory

from signoff.models import BulkItem, BulkRun, SavedView
from tests.factories.people import UserFactory
from tests.factories.signoff import PLACED


class SavedViewFactory(DjangoModelFactory):
    """A view of the queue for its owner alone."""

    class Meta:
        model = SavedView

    list = "cases"
    name = factory.Sequence(lambda n: f"View {n}")
    query = "tab=decide"
    owner = factory.SubFactory(UserFactory, role="agent")


class BulkRunFactory(DjangoModelFactory):
    """A step that is to be confirmed."""

    class Meta:
        model = BulkRun

    list = "cases"
    action = "take"
    by = factory.SubFactory(UserFactory, role="agent")
    language = "en"
    created_at = PLACED


class BulkItemFactory(DjangoModelFactory):
    class Meta:
        model = BulkItem

    run = factory.SubFactory(BulkRunFactory)
    position = factory.Sequence(lambda n: n + 1)
    ref = factory.Sequence(lambda n: f"R-{n}")
    label = factory.SelfAttribute("ref")
