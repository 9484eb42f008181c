"""Save and remove views of lists."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from signoff.db.required import required
from signoff.models import SavedView, Team

MOST = 20  # views of one person and list
LONGEST = required(SavedView._meta.get_field("query").max_length)


class ViewRefused(Exception):
    """A view was not saved; a sentence that says what to do."""


def save_view(desk_list: str, *, name: str, query: str, by: User, team: Team | None = None) -> SavedView:
    """Save an address of a list under a name, for ``by`` or for a team of theirs.

    Raises ``ViewRefused`` for a taken name and for too many views, ``PermissionDenied`` for another's team.
    """
    if team is not None and not Team.objects.of_user(by).filter(pk=team.pk).exists():
        raise PermissionDenied
    if len(query) > LONGEST:
        raise ViewRefused(_("This view has too many filters to be saved. Remove some."))
    if SavedView.objects.filter(owner=by, list=desk_list).count() >= MOST:
        raise ViewRefused(_("You have saved 20 views of this list. Remove one first."))
    try:
        with transaction.atomic():
            return SavedView.objects.create(list=desk_list, name=name, query=query, owner=by, team=team)
    except IntegrityError as clash:
        raise ViewRefused(_("There is a view “%(name)s” already. Choose another name.") % {"name": name}) from clash


def remove_view(view: SavedView, *, by: User) -> None:
    """Remove a view; only who saved it may, also if it is a team's. Raises ``PermissionDenied``."""
    if view.owner_id != by.pk:
        raise PermissionDenied
    view.delete()
