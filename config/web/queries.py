"""The signed-in user together with their permissions and the count of the bell, read by one query a request."""

from django.contrib.auth.models import Group, Permission, User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, JSONObject

from feedback.models import Notification
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import StaffProfile

_OF_GROUPS = Group.permissions.through.objects.filter(group__user=OuterRef(OuterRef("pk"))).values("permission")
_OWN = User.user_permissions.through.objects.filter(user=OuterRef(OuterRef("pk"))).values("permission")
_PERMISSIONS = (
    Permission.objects.filter(Q(pk__in=_OF_GROUPS) | Q(pk__in=_OWN))
    .order_by()
    .values_list(Concat("content_type__app_label", Value("."), "codename"))
)
_UNREAD = Notification.objects.filter(user=OuterRef("pk"), read_at=None).order_by().values("pk")[:100]
_PROFILE = StaffProfile.objects.filter(user=OuterRef("pk")).values(
    choices=JSONObject(language="language", time_zone="time_zone")
)
_USER_WITH_PERMISSIONS = CompiledQuery(
    lambda key: User.objects.annotate(
        permission_names=ArraySubquery(_PERMISSIONS),
        unread_notifications=ArraySubquery(_UNREAD),
        profile=Subquery(_PROFILE),
    ).filter(pk=key)
)


def user_with_permissions(key: int) -> User | None:
    """The user with ``permission_names``: "app.codename" of their own permissions and of those of their groups.

    ``unread_notifications`` are keys, at most a hundred; ``profile`` has ``language`` and ``time_zone``, or is None.
    """
    return _USER_WITH_PERMISSIONS.first(key)
