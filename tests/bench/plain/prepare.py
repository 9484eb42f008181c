"""``python -m tests.bench.plain.prepare``: the plain app's tables and one person with a session; prints its key."""

import os
import sys
from importlib import import_module

import django
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.core.management import call_command


def main() -> None:
    """Make the tables straight from the models: the app has no migrations."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.plain.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)  # now what it points to is there
    user = get_user_model().objects.create_user("agent", password="never typed")
    permissions = import_module("django.contrib.auth.models").Permission.objects
    user.user_permissions.set(permissions.filter(codename__in=("add_return", "change_return")))
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    sys.stdout.write(session.session_key)


if __name__ == "__main__":
    main()
