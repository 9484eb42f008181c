from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page

from tests.chromium import find_chromium


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


def test_the_browser_that_is_named_is_used_before_the_machines_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/opt/chromium")
    assert find_chromium() == "/opt/chromium"


def test_the_machines_browser_is_found_by_any_of_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "google-chrome-stable").write_text("#!/bin/sh\n")
    (tmp_path / "google-chrome-stable").chmod(0o755)
    assert find_chromium() == str(tmp_path / "google-chrome-stable")
