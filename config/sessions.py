"""Sessions in the database, read by a question made once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from signoff.db.prepared.compiled import CompiledQuery

_LIVE = CompiledQuery(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(db.SessionStore):
    """Django's own, whose reading comes with every request."""

    def _get_session_from_db(self) -> Any:
        found = _LIVE.first(self.session_key, timezone.now())
        if found is None:
            self._session_key = None
        return found
