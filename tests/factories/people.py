"""Members of staff, of any role."""

from typing import Any

import factory
from django.contrib.auth.models import Group, User
from factory.django import DjangoModelFactory


class UserFactory(DjangoModelFactory):
    """A member of staff; ``UserFactory(role="agent")``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"staff{n}")
    first_name = "Mei"
    last_name = "Sato"
    email = factory.LazyAttribute(lambda user: f"{user.username}@lantern.example")
    password = factory.django.Password("correct horse")

    @factory.post_generation
    def role(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.groups.add(Group.objects.get(name=extracted))
