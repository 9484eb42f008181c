"""Health checks answer load balancers, which ask by address, and say whether the database answers."""

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.0.3.7:8000", "[fd00::7]", "nowhere.example", "..", ""])
def test_health_checks_answer_to_any_name(client: Client, path: str, host: str) -> None:
    answer = client.get(path, HTTP_HOST=host)
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_health_checks_answer_to_any_name_behind_a_proxy_with_https(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["127.0.0.1"]
    assert client.get("/readyz", HTTP_HOST="10.0.3.7").status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz/", "/readyz/x", "//readyz", "/desk/", "/accounts/login/", "/READYZ"])
def test_every_other_page_still_wants_a_name_that_is_allowed(client: Client, path: str) -> None:
    assert client.get(path, HTTP_HOST="nowhere.example").status_code == 400


def test_a_kept_connection_that_died_is_noticed_and_replaced(client: Client) -> None:
    assert client.get("/readyz").status_code == 200
    connection.ensure_connection()
    connection.health_check_enabled = False  # the connection is within its age and was just used
    with psycopg.connect(**ended_by()) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"The database does not answer.")
    assert client.get("/readyz").status_code == 200


def ended_by() -> dict[str, Any]:
    """Another session on the same server."""
    own = connection.settings_dict
    return {"host": own["HOST"], "user": own["USER"], "dbname": own["NAME"], "autocommit": True}
