"""Authentication backend: counts every attempt to sign in, and reads the user and their permissions by one query."""

from datetime import timedelta
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from config.web.queries import user_with_permissions
from signoff.web.attempts import Limit, count_of, count_try, forget_tries, note_refusal, take_back
from signoff.web.client import address_of

#: wrong passwords for one name from one address; the same when the name is tried from many addresses; from one address
NAME_AND_ADDRESS = Limit(5, timedelta(minutes=1), longest_wait=timedelta(hours=1), memory=timedelta(days=1))
NAME_UNDER_ATTACK = Limit(1, timedelta(minutes=1), longest_wait=timedelta(hours=1), memory=timedelta(days=1))
ADDRESS = Limit(20, timedelta(minutes=1), longest_wait=timedelta(minutes=15), memory=timedelta(hours=1))
NAME = Limit(10**9, timedelta(0), longest_wait=timedelta(0), memory=timedelta(days=1))  # never a wait: see 0039
ATTACK = 25  # wrong passwords for one name in a day, from anywhere


class StaffBackend(AuthenticationBackend):
    """Reads the permissions with the user in each request, so that a revoked one is gone at the next.

    Every page that takes a password ends here, so here attempts are counted (docs/decisions/0039).
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The user with this name or e-mail address and password. Raises ``TooManyTries``.

        An attempt counts before the password is checked, so that many at once are not checked more often; a right
        password takes it back. One password is hashed per attempt, whether there is such a user or not.
        """
        name, password = credentials.get("username") or credentials.get("email"), credentials.get("password")
        if not name or not password:
            return None
        people = _people_named(name)
        if request is None:  # a shell or a test, not a page
            return self._with_password(people, password)
        person, address = _key_of(name, people), address_of(request)
        pair = f"{person}\n{address}"
        attacked = count_of("sign-in.name", person, since=timezone.now() - NAME.memory) >= ATTACK
        count_try(
            {
                "sign-in.pair": (NAME_UNDER_ATTACK if attacked else NAME_AND_ADDRESS, pair),
                "sign-in.address": (ADDRESS, address),
                "sign-in.name": (NAME, person),
            }
        )
        user = self._with_password(people, password)
        if attacked and user is None:
            note_refusal()  # from many addresses no limit may bite, and managers should know all the same
        if user is not None:
            forget_tries("sign-in.pair", pair)
            take_back("sign-in.address", address)
            take_back("sign-in.name", person)
        return user

    def get_user(self, user_id: int) -> User | None:
        """The active user of a session, with Django's permission cache filled; None if there is none."""
        user: Any = user_with_permissions(user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        if not user.is_superuser:
            user._perm_cache = set(user.permission_names)  # where ``ModelBackend`` looks before it queries
        return user

    def _with_password(self, people: list[User], password: str) -> User | None:
        """The first of ``people`` with this password; hashes it once even if there are none."""
        if not people:
            self._mitigate_timing_attack(password)
        for person in people:
            if self._check_password(person, password):
                return person
        return None


def _people_named(name: str) -> list[User]:
    """The user with this name, and those with this e-mail address; as a rule one, or none."""
    by_name: Any = get_user_by_username(name)
    by_email: Any = filter_users_by_email(name, prefer_verified=True, for_login=True)
    return list(dict.fromkeys(([by_name] if by_name else []) + sorted(by_email, key=lambda user: user.pk)))


def _key_of(name: str, people: list[User]) -> str:
    """The same for the name and for the address of a user, so that they are not two ways to try."""
    return f"user {people[0].pk}" if people else f"name {name.strip().casefold()}"
