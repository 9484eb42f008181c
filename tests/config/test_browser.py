from collections.abc import Callable

from django.contrib.auth.models import Group, User
from playwright.sync_api import Page


def test_a_page_of_the_live_server_opens(page: Page) -> None:
    response = page.goto("/accounts/login/")
    assert response is not None
    assert response.status == 200


def test_a_signed_in_person_is_recognised(new_page: Callable[..., Page]) -> None:
    user = User.objects.create_superuser("root")
    page = new_page(user=user, device="phone")
    page.goto("/admin/")
    assert "/login" not in page.url


def test_rows_of_migrations_survive_and_committed_ones_do_not_1(transactional_db: None) -> None:
    assert not User.objects.exists()
    User.objects.create(username="somebody")


def test_rows_of_migrations_survive_and_committed_ones_do_not_2(transactional_db: None) -> None:
    assert not User.objects.exists()
    User.objects.create(username="somebody")
    Group.objects.count()
