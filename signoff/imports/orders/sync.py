"""Orders that are here and come again: what is different is written where nothing is built upon it, news always."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from signoff.imports.files.rejected import RejectedRow
from signoff.imports.orders.anomalies import update_anomalies
from signoff.imports.orders.customers import save_customers
from signoff.imports.orders.diff import REFUNDED, changed_tables, match_parcels, new_ratings
from signoff.imports.orders.existing import ExistingOrder, existing_orders
from signoff.imports.orders.insert import Batch, SavedOrder, insert_ratings
from signoff.imports.orders.parsed import SoldOrder, reject_order
from signoff.imports.orders.rows import PreparedOrder
from signoff.imports.orders.update import OrderChange, ParcelChange, write_changes, write_parcels, write_status
from signoff.models import Order, OrderLine, Parcel, Payment, ShippingCharge, SignOff, SignOffPhoto, Watch
from signoff.orders.in_use import built_upon


@dataclass
class SyncResult:
    """How many orders changed and how many did not, how much is odd about them, and the rows of those refused."""

    changed: int = 0
    unchanged: int = 0
    anomalies: int = 0
    refused: list[RejectedRow] = field(default_factory=list)


def sync_orders(known: Sequence[tuple[PreparedOrder, ExistingOrder]], of: Batch) -> SyncResult:
    """Look first, and once more under lock at what seems to differ."""
    seems = [(one, kept.pk) for one, kept in known if _has_changes(_compare(one, kept))]
    done = SyncResult(unchanged=len(known) - len(seems))
    if not seems:
        return done
    lock_orders([key for _one, key in seems])
    here = existing_orders(of.shop, [one.order.number for one, _key in seems])
    changes = [_compare(one, here[one.order.number]) for one, _key in seems]
    counted_on = orders_in_use([one.kept.pk for one in changes if one.differs])
    stays = {one.kept.pk for one in changes if one.kept.pk in counted_on and one.differs - {REFUNDED}}
    for one in changes:
        if one.kept.pk in stays:
            done.refused += reject_order(one.told.order, in_use_text(one.told.order))
    _write([one for one in changes if one.kept.pk not in stays], counted_on, of, done)
    return done


def lock_orders(orders: Collection[int]) -> None:
    """Lock what others count on and write to, in the house's order: payments, lines, orders, parcels."""
    for rows in (
        Payment.objects.filter(order__in=orders),
        OrderLine.objects.filter(order__in=orders),
        Order.objects.filter(pk__in=orders),
        Parcel.objects.filter(order__in=orders),
        Watch.objects.filter(parcel__order__in=orders),
    ):
        list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))


def orders_in_use(orders: Collection[int]) -> set[int]:
    """Those of ``orders`` whose lines and amounts somebody counts on: a sign-off, a refund, a case."""
    if not orders:
        return set()
    taken = Q(returning__gt=0) | Q(returned__gt=0) | Q(refunded__gt=0)
    return built_upon(orders).union(
        OrderLine.objects.filter(taken, order__in=orders).order_by().values_list("order", flat=True),
        ShippingCharge.objects.filter(order__in=orders, refunded__gt=0).values_list("order", flat=True),
        SignOff.objects.filter(order__in=orders).values_list("order", flat=True),
        SignOffPhoto.objects.filter(parcel__order__in=orders).values_list("parcel__order", flat=True),
    )


def _write(changes: Sequence[OrderChange], counted_on: Collection[int], of: Batch, done: SyncResult) -> None:
    """Rows of orders that nobody counts on, and the news of all."""
    anew = {one.kept.pk for one in changes if one.differs and one.kept.pk not in counted_on}
    rewritten, others = ([one for one in changes if (one.kept.pk in anew) is so] for so in (True, False))
    placed = write_changes(rewritten, save_customers([one.told.order for one in rewritten], of.shop), of)
    placed += [SavedOrder(one.kept.pk, one.told, one.kept.line_keys) for one in others]
    write_status([one for one in others if one.status_differs], of)
    orders = {one.key: one for one in placed}
    write_parcels(
        [ParcelChange(orders[one.kept.pk], parcel) for one in changes for parcel in one.parcels if parcel.is_news], of
    )
    insert_ratings([(one.kept.pk, *rated) for one in changes for rated in new_ratings(one.told, one.kept)])
    looked_at = [(one.kept.pk, one.told) for one in changes if one.kept.pk in anew or one.status_differs]
    done.anomalies += update_anomalies(looked_at, of.gives, now=of.now)
    changed = sum(one.kept.pk in anew or _has_changes(one, but=REFUNDED) for one in changes)
    done.changed += changed
    done.unchanged += len(changes) - changed


def _compare(one: PreparedOrder, kept: ExistingOrder) -> OrderChange:
    return OrderChange(one, kept, changed_tables(one, kept), match_parcels(one.parcels, kept.parcels))


def _has_changes(change: OrderChange, *, but: str = "") -> bool:
    """Whether the file says anything that is not here, other than ``but``."""
    return bool(
        change.differs - {but}
        or change.status_differs
        or any(parcel.is_news for parcel in change.parcels)
        or new_ratings(change.told, change.kept)
    )


def in_use_text(order: SoldOrder) -> str:
    return _(
        "Order %(number)s is here with other amounts, lines, payments or address, and a case, a refund or a sign-off "
        "is built upon it: it stays as it is. Settle the difference on its page."
    ) % {"number": order.number}
