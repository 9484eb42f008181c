"""Every URL pattern of the resolver, with real paths to it in the sample shop."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.demo.mail_files import newest
from feedback.models import Message, PostPicture
from inspection.models import Photo
from returns.models import Case, Evidence
from signoff.models import OrderAnomaly, ShopRefund
from tests.factories.sample_shop import SampleShop
from tests.proof.access.expected_access import MODELS
from tests.steps.shop_refunds import report
from tests.stories.page_urls import VISITS, link_to

S = Case.Status
Arguments = Callable[[SampleShop], list[object]]

#: what is no page of the stories, and needs arguments
OTHERS: dict[str, Arguments] = {
    "signoff:brand-css": lambda world: [world.free.shop.slug],
    "signoff:brand-logo": lambda world: [world.free.shop.slug],
    "signoff:entry-link": lambda world: [world.free.token],
    "signoff:parcel-settle": lambda world: [world.trouble.parcel.token, world.trouble.kind],
    "signoff:link-photo": lambda world: [link_to(world.signed), world.signed.photos.earliest("pk").token, "full"],
    "signoff:delivery-photo": lambda world: [world.signed.photos.earliest("pk").token, "full"],
    "signoff:tracking-hook": lambda world: ["easypost"],
    "feedback:mail-hook": lambda world: ["standard"],
    "feedback:mail-handled": lambda world: [world.unmatched.digest],
    "demo:mail-answer": lambda world: ["0.0"],
    "signoff:scorecards-file": lambda world: [],
    "signoff:violation-confirm": lambda world: [world.violations["open"].token],
    "signoff:violation-waive": lambda world: [world.violations["open"].token],
    "signoff:bulk-run": lambda world: ["unknown"],
    "signoff:bulk-confirm": lambda world: ["unknown"],
    "signoff:bulk-choose": lambda world: ["cases"],
    "signoff:view-remove": lambda world: ["cases"],
    "signoff:view-columns": lambda world: ["cases"],
    "signoff:export-csv": lambda world: ["cases"],
    "signoff:export-xlsx": lambda world: ["cases"],
    "signoff:import-encoding": lambda world: [world.imports["sent"].token],
    "signoff:import-confirm": lambda world: [world.imports["sent"].token],
    "signoff:import-drop": lambda world: [world.imports["sent"].token],
    "signoff:import-refused": lambda world: [world.imports["done"].token],
    "signoff:anomaly-settle": lambda world: _odd(),
    "returns:desk-request-discard": lambda world: [world.contact.token],
    "returns:take": lambda world: [world.number(S.SUBMITTED)],
    "returns:hand-back": lambda world: [world.number(S.SUBMITTED)],
    "returns:assign": lambda world: [world.number(S.SUBMITTED)],
    "returns:watch": lambda world: [world.number(S.SUBMITTED)],
    "returns:unwatch": lambda world: [world.number(S.SUBMITTED)],
    "returns:presence": lambda world: [world.number(S.SUBMITTED)],
    "refunds:take-back": lambda world: [world.number(S.AWAITING_APPROVAL)],
    "refunds:take-back-to-bench": lambda world: [world.number(S.AWAITING_APPROVAL)],
    "feedback:notification-open": lambda world: [UUID(int=1)],
    "signoff:session-end": lambda world: [UUID(int=1)],
    "returns:slip": lambda world: [world.number(S.AUTHORISED)],
    "returns:desk-slip": lambda world: [world.number(S.AUTHORISED)],
    "returns:evidence": lambda world: [Evidence.objects.earliest("pk").token, "full"],
    "inspection:scan": lambda world: [],
    "inspection:unknown-attach": lambda world: [world.unknown.token],
    "inspection:unknown-photo": lambda world: [world.unknown.photos.earliest("pk").token, "full"],
    "inspection:surplus-decide": lambda world: [world.surplus.case.number, world.surplus.token],
    "inspection:photo": lambda world: [Photo.objects.earliest("pk").token, "full"],
    "refunds:refund-confirm": lambda world: [world.refund.token],
    "refunds:refund-fail": lambda world: [world.refund.token],
    "refunds:refund-retry": lambda world: [world.failed.token],
    "refunds:refund-payee": lambda world: [world.refund.token],
    "refunds:refund-plan-again": lambda world: [world.failed.token],
    "refunds:report-same": lambda world: [_reported(world)],
    "refunds:report-additional": lambda world: [_reported(world)],
    "feedback:case-write": lambda world: [world.number(S.SUBMITTED)],
    "feedback:case-complaint": lambda world: [world.number(S.SUBMITTED)],
    "feedback:inquiry-start": lambda world: [world.inquiry.order.token],
    "feedback:inquiry-write": lambda world: [world.inquiry.token],
    "feedback:inquiry-complaint": lambda world: [world.inquiry.token],
    "feedback:shopper-write": lambda world: [world.number(S.SUBMITTED)],
    "feedback:shopper-ask": lambda world: [world.inquiry.order.token],
    "feedback:attachment": lambda world: [PostPicture.objects.earliest("pk").token, "full"],
    "feedback:message-again": lambda world: _message(),
    "demo:mail-html": lambda world: [next(mail.key for mail in newest(settings.MAIL_DIR, limit=99) if mail.html)],
    "mfa_remove_webauthn": lambda world: [1],
    "mfa_edit_webauthn": lambda world: [1],
    "account_confirm_email": lambda world: ["a-key-of-nobodys"],
    "account_reset_password_from_key": lambda world: ["1", default_token_generator.make_token(world.staff["agent"])],
}


@dataclass(frozen=True)
class Address:
    """``route`` is how the resolver writes it, ``name`` is what ``reverse`` takes, or ""."""

    route: str
    name: str
    pattern: URLPattern

    def __str__(self) -> str:
        return f"/{self.route}"


def addresses(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> Iterator[Address]:
    """All of them, however deeply included."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(route, f"{space}{pattern.name}" if pattern.name else "", pattern)
        else:
            yield from addresses(pattern, route, f"{space}{pattern.namespace}:" if pattern.namespace else space)


def paths(address: Address, world: SampleShop) -> list[str]:
    """Where the page is: one path, of a step's page one for each step."""
    if address.route.startswith("admin/"):
        return [f"/{_of_admin(address.route, world)}"]
    if address.name in OTHERS:
        return [reverse(address.name, args=OTHERS[address.name](world))]
    found = [visit.path(world).partition("?")[0] for visit in VISITS if visit.name == address.name]
    return (found if address.name == "returns:shopper-step" else found[:1]) or [reverse(address.name)]


def _of_admin(route: str, world: SampleShop) -> str:
    if "<path:content_type_id>" in route:
        kind = ContentType.objects.get_for_model(Case)
        return f"admin/r/{kind.pk}/{world.resent.pk}/"
    if "<id>" in route:
        return route.replace("<id>", str(world.staff["agent"].pk))
    if "(?P<app_label>" in route:
        return "admin/returns/"
    if "(?P<url>" in route:
        return "admin/nowhere/"
    return _of_model(route)


def _of_model(route: str) -> str:
    parts = route.split("/")
    if "/".join(parts[1:3]) not in MODELS:
        return route
    model = apps.get_model(parts[1], parts[2])
    row = model._default_manager.order_by("pk").values_list("pk", flat=True).first() or 0
    if "^([^/]+)/history/" in route:
        version = model.history.filter(id=row).values_list("history_id", flat=True).first() or 0
        return f"admin/{parts[1]}/{parts[2]}/{row}/history/{version}/"
    return route.replace("<path:object_id>", str(row))


def _odd() -> list[object]:
    odd = OrderAnomaly.objects.open().earliest("pk")
    return [odd.order.token, odd.kind]


def _message() -> list[object]:
    topic, key = Message.objects.order_by("pk").values_list("topic", "dedupe_key").first()
    number, _slash, seq = key.rpartition("/")
    return [topic, number, int(seq)]


def _reported(world: SampleShop) -> str:
    """The token of a refund that the shop reports and that may be one of ours."""
    order = world.refund.payment.order
    found = ShopRefund.objects.filter(payment__order=order).first() or report(order, "0.01")
    ShopRefund.objects.filter(pk=found.pk).update(status=ShopRefund.Status.UNCLEAR)
    return found.token
