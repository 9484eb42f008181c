"""Actors of a replay: service users in the right groups, without a usable password, and the return reason."""

from functools import cached_property

from django.contrib.auth.models import Group, User

from returns.models import Reason
from signoff.models import Shop


class ServiceUsers:
    """The users and the reason of an import into ``shop``, created at first use."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._managers: dict[int, User] = {}

    def appear(self) -> list[User | Reason]:
        """Create them all now, before several processes need them at once."""
        return [self.agent, self.inspector, self.finance, self.manager(1), self.manager(2), self.reason]

    @cached_property
    def agent(self) -> User:
        return _service_user("agent")

    @cached_property
    def inspector(self) -> User:
        return _service_user("inspector")

    @cached_property
    def finance(self) -> User:
        return _service_user("finance")

    def manager(self, place: int) -> User:
        """The ``place``-th approver (from 1); a tier may need several different ones."""
        if place not in self._managers:
            self._managers[place] = _service_user("manager", place)
        return self._managers[place]

    @cached_property
    def reason(self) -> Reason:
        """A reason that is not offered to shoppers, because the file has no reasons."""
        reason, _ = Reason.objects.get_or_create(
            shop=self.shop,
            code="past-return",
            defaults={
                "title_en": "Past return, reason not recorded",
                "title_zh_hans": "历史退货（未记录原因）",
                "title_zh_hant": "歷史退貨（未記錄原因）",
                "liability": Reason.Liability.SHOPPER,
                "freight_bearer": Reason.Liability.SHOPPER,
                "active": False,
            },
        )
        return reason


def _service_user(role: str, place: int = 1) -> User:
    name = role if place == 1 else f"{role} {place}"
    user, new = User.objects.get_or_create(
        username=f"import-{name.replace(' ', '-')}", defaults={"first_name": "Import", "last_name": name}
    )
    if new:
        user.set_unusable_password()
        user.save()
        user.groups.add(Group.objects.get(name=role))
    return user
