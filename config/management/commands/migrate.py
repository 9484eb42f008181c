"""Django's ``migrate`` as the owner of the database; then the application's role gets its rights on the tables."""

from typing import Any

from django.core.management.commands import migrate

from signoff.db.roles import as_owner, grant_to_application


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner(options["database"]):
            super().handle(*args, **options)
            if not options["plan"]:
                grant_to_application(options["database"])
