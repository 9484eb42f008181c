"""Rows saved together with their history rows: the same rows that django-simple-history would write."""

from datetime import UTC, datetime

import pytest

from returns.models import Draft
from signoff.db.history import insert, save_with_history, update_all_columns
from signoff.models import Parcel
from tests.factories import OrderFactory, ParcelFactory, UserFactory

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def columns(row: object, *without: str) -> dict[str, object]:
    """All columns of a row but some."""
    return {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in without
    }


def test_a_new_row_has_the_history_row_that_the_library_writes() -> None:
    order, agent = OrderFactory(), UserFactory(role="agent")
    parcel = Parcel(order=order, direction=Parcel.Direction.RETURN, carrier="DHL", shipped_at=NOW)
    save_with_history(parcel, by=agent, now=NOW, why="sent")
    assert columns(Parcel.objects.get(pk=parcel.pk)) == columns(parcel)

    by_the_library = Parcel(order=order, direction=Parcel.Direction.RETURN, carrier="DHL", shipped_at=NOW)
    by_the_library.token = parcel.token[::-1]
    by_the_library._history_user, by_the_library._history_date = agent, NOW
    by_the_library._change_reason = "sent"
    by_the_library.save()
    own = ("history_id", "id", "token")
    assert columns(parcel.history.get(), *own) == columns(by_the_library.history.get(), *own)


def test_a_changed_row_has_one_more() -> None:
    parcel = ParcelFactory(carrier="DHL")
    parcel.carrier = "UPS"
    save_with_history(parcel, by=None, now=NOW)
    assert Parcel.objects.get(pk=parcel.pk).carrier == "UPS"
    first, last = parcel.history.order_by("history_id")
    assert (last.history_type, last.carrier, last.history_user, last.history_date) == ("~", "UPS", None, NOW)
    assert (first.history_type, first.carrier) == ("+", "DHL")


def test_a_row_that_is_gone_is_not_kept_again() -> None:
    parcel = ParcelFactory()
    Parcel.objects.filter(pk=parcel.pk).delete()
    with pytest.raises(Parcel.DoesNotExist):
        save_with_history(parcel, by=None, now=NOW)
    assert Parcel.history.filter(id=parcel.pk, history_type="~").count() == 0


def test_rows_without_history_are_added_and_saved_as_the_library_does() -> None:
    order = OrderFactory()
    ours, second = Draft(order=order, data={"lines": [{"line": 1, "quantity": 2}]}), Draft(order=order)
    insert(ours, second)
    by_the_library = Draft.objects.create(order=order, data=ours.data)
    own = ("id", "token", "started_at")
    assert columns(Draft.objects.get(pk=ours.pk), *own) == columns(by_the_library, *own)
    assert columns(Draft.objects.get(pk=ours.pk)) == columns(ours)
    ours.data = {"lines": []}
    update_all_columns(ours)
    assert columns(Draft.objects.get(pk=ours.pk)) == columns(ours)
    assert columns(Draft.objects.get(pk=second.pk)) == columns(second)


def test_a_row_that_is_gone_is_not_saved() -> None:
    draft = Draft(order=OrderFactory())
    insert(draft)
    Draft.objects.filter(pk=draft.pk).delete()
    with pytest.raises(Draft.DoesNotExist):
        update_all_columns(draft)
