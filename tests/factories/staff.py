"""What belongs to members of staff: teams, profiles, sessions, the cases they follow and their notifications."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from feedback.models import Digest, Notification
from returns.models import CaseWatcher, Contact, Presence
from signoff.models import StaffProfile, StaffSession, Team
from tests.factories.people import UserFactory
from tests.factories.returns import make_case
from tests.factories.signoff import PLACED


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")


class StaffProfileFactory(DjangoModelFactory):
    class Meta:
        model = StaffProfile

    user = factory.SubFactory(UserFactory)


class StaffSessionFactory(DjangoModelFactory):
    class Meta:
        model = StaffSession

    user = factory.SubFactory(UserFactory)
    session_key = factory.Sequence(lambda n: f"session{n}")
    begun_at = PLACED


class CaseWatcherFactory(DjangoModelFactory):
    class Meta:
        model = CaseWatcher

    case = factory.LazyFunction(make_case)
    user = factory.SubFactory(UserFactory, role="agent")
    since = PLACED


class PresenceFactory(DjangoModelFactory):
    class Meta:
        model = Presence

    case = factory.LazyFunction(make_case)
    user = factory.SubFactory(UserFactory, role="agent")
    since = PLACED
    seen_at = PLACED + timedelta(minutes=1)


class ContactFactory(DjangoModelFactory):
    """A telephone call."""

    class Meta:
        model = Contact

    channel = "phone"
    caller = "Anna Schmidt"
    started_by = factory.SubFactory(UserFactory, role="agent")


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = Notification

    user = factory.SubFactory(UserFactory, role="agent")
    kind = Notification.Kind.ASSIGNED
    key = factory.Sequence(lambda n: f"key-{n}")
    case = factory.LazyFunction(make_case)
    made_at = PLACED


class DigestFactory(DjangoModelFactory):
    """A daily mail that is due."""

    class Meta:
        model = Digest

    user = factory.SubFactory(UserFactory, role="agent")
    day = PLACED.date()
    until = PLACED
    next_try_at = PLACED
