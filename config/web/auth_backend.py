"""Who is signed in and what they may do, learnt by one question in each request."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission, User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Value
from django.db.models.functions import Concat

from signoff.db.prepared.compiled import CompiledQuery

_OF_GROUPS = Group.permissions.through.objects.filter(group__user=OuterRef(OuterRef("pk"))).values("permission")
_OWN = User.user_permissions.through.objects.filter(user=OuterRef(OuterRef("pk"))).values("permission")
_RIGHTS = (
    Permission.objects.filter(Q(pk__in=_OF_GROUPS) | Q(pk__in=_OWN))
    .order_by()
    .values_list(Concat("content_type__app_label", Value("."), "codename"))
)
_USER = CompiledQuery(lambda key: User.objects.annotate(rights=ArraySubquery(_RIGHTS)).filter(pk=key))


class StaffBackend(AuthenticationBackend):
    """Reads the rights together with the user, anew for each request: what is revoked is gone at the next."""

    def get_user(self, user_id: int) -> User | None:
        """The active user of a session, with the rights in Django's own place for them."""
        user = _USER.first(user_id)
        if user is None or not self.user_can_authenticate(user):
            return None
        if not user.is_superuser:
            user._perm_cache = set(user.rights)  # where ``ModelBackend`` looks before it asks
        return user
