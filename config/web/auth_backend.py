"""Authentication backend that reads the signed-in user and their permissions by one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import User

from config.web.queries import user_with_permissions


class StaffBackend(AuthenticationBackend):
    """Reads the permissions with the user in each request, so that a revoked one is gone at the next."""

    def get_user(self, user_id: int) -> User | None:
        """The active user of a session, with Django's permission cache filled; None if there is none."""
        user: Any = user_with_permissions(user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        if not user.is_superuser:
            user._perm_cache = set(user.permission_names)  # where ``ModelBackend`` looks before it queries
        return user
