"""Every page: who opens which URL. A URL that is no page says why."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from returns.models import Case
from signoff.models import Parcel
from signoff.signoffs.links import path_for
from tests.factories.sample_shop import SampleShop

S = Case.Status
Path = Callable[[SampleShop], str]


@dataclass(frozen=True)
class Visit:
    """``who`` opens the page named ``name``; ``note`` tells visits of one name apart."""

    name: str
    who: str
    path: Path
    note: str = ""
    status: int = 200

    def __str__(self) -> str:
        return f"{self.name} {self.note}".strip()


def at(name: str, who: str = "nobody", *args: object, query: str = "", note: str = "") -> Visit:
    """A page whose address is known before there is any data."""
    return Visit(name, who, lambda world: reverse(name, args=args) + query, note)


def of_case(name: str, who: str, status: str, note: str = "") -> Visit:
    """A page of the case in ``status``."""
    return Visit(name, who, lambda world: reverse(name, args=[world.number(status)]), note)


def by(name: str, who: str, args: Callable[[SampleShop], list[object]], note: str = "") -> Visit:
    """A page of what ``args`` finds."""
    return Visit(name, who, lambda world: reverse(name, args=args(world)), note)


def link_to(parcel: Parcel) -> str:
    """The last part of the address in the message about a parcel."""
    return path_for(parcel).split("/")[2]


def shopper_step(step: str, status: str) -> Visit:
    return by("returns:shopper-step", "shopper", lambda world: [world.number(status), step], step)


SHOPPER = [
    at("signoff:find"),
    by("signoff:find-in-shop", "nobody", lambda world: [world.free.shop.slug]),
    at("signoff:code"),
    at("signoff:enter", "nobody", "a-link-from-a-mail"),
    at("signoff:my-orders", "shopper"),
    by("signoff:order", "shopper", lambda world: [world.free.token]),
    by("signoff:order", "shopper", lambda world: [world.cases[S.REJECTED].order.token], "with a case"),
    by("signoff:sign-by-link", "nobody", lambda world: [link_to(world.free.parcels.earliest("pk"))]),
    by("signoff:sign-by-link", "nobody", lambda world: [link_to(world.signed)], "signed"),
    Visit("signoff:sign-by-link", "nobody", lambda world: "/sign/nonsense/", "over", 410),
    by("signoff:sign", "shopper", lambda world: [world.free.token, world.free.parcels.earliest("pk").token]),
    by("signoff:sign", "shopper", lambda world: [world.signed.order.token, world.signed.token], "signed"),
    by("returns:status", "shopper", lambda world: [world.broken.number], "arrived broken"),
    by("returns:request", "shopper", lambda world: [world.free.token]),
    by("returns:request-details", "shopper", lambda world: [world.free.token, world.draft.token]),
    by("returns:request-check", "shopper", lambda world: [world.free.token, world.draft.token]),
    *[of_case("returns:status", "shopper", status, status) for status in S.values],
    by("returns:status", "shopper", lambda world: [world.resent.number], "replacement"),
    shopper_step("supply_information", S.WAITING_ON_SHOPPER),
    shopper_step("appeal", S.REJECTED),
    shopper_step("reopen", S.RESOLVED),
    by("signoff:order", "shopper", lambda world: [world.inquiry.order.token], "asked about"),
    shopper_step("ship", S.AUTHORISED),
    shopper_step("cancel", S.SUBMITTED),
    of_case("refunds:shopper-accept-offer", "shopper", S.OFFERED),
    of_case("refunds:shopper-decline-offer", "shopper", S.OFFERED),
    of_case("refunds:shopper-payee", "shopper", S.SETTLING),
    by("feedback:survey", "nobody", lambda world: [world.survey.token]),
    by("feedback:survey", "nobody", lambda world: [world.answered.token], "answered"),
]
DESK = [
    at("returns:search", "agent", query="?q=a", note="searched"),
    at("returns:search", "inspector", query="?q=nothing-like-it", note="nothing found"),
    at("returns:search", "agent", note="empty"),
    at("returns:desk-request", "agent", query="?q=a", note="searched"),
    at("returns:desk-request", "agent", query="?q=nothing-like-it", note="nothing found"),
    by("returns:desk-request-start", "agent", lambda world: [world.free.token]),
    by("returns:desk-request-items", "agent", lambda world: [world.contact.token]),
    by("returns:desk-request-details", "agent", lambda world: [world.contact.token, world.contact.drafts.get().token]),
    by("returns:desk-request-check", "agent", lambda world: [world.contact.token]),
    at("returns:case-list", "agent"),
    at("returns:case-list", "manager", query="?tab=all&q=lantern", note="searched"),
    at("returns:case-list", "agent", query="?q=nothing-like-it", note="empty"),
    *[of_case("returns:case", "agent", status, status) for status in S.values],
    of_case("returns:case", "manager", S.AWAITING_APPROVAL, "as manager"),
    by("returns:case", "agent", lambda world: [world.broken.number], "arrived broken"),
    by("returns:case", "inspector", lambda world: [world.lost.number], "lost by the carrier"),
    at("returns:lifecycle", "manager"),
    at("returns:hand-over", "agent"),
    of_case("returns:assign", "agent", S.SUBMITTED),
    of_case("refunds:take-back", "agent", S.AWAITING_APPROVAL),
    of_case("refunds:take-back-to-bench", "agent", S.AWAITING_APPROVAL),
    at("feedback:notification-list", "agent"),
    at("feedback:notification-list", "agent", query="?show=all", note="all"),
    at("signoff:profile", "agent"),
    at("keys", "agent"),
    of_case("returns:request_information", "agent", S.SUBMITTED),
    of_case("returns:send_to_appraisal", "agent", S.SUBMITTED),
    of_case("returns:reject", "agent", S.SUBMITTED),
    of_case("returns:report_lost", "agent", S.IN_TRANSIT),
    of_case("returns:reopen", "agent", S.RESOLVED),
    of_case("returns:supply_information", "agent", S.WAITING_ON_SHOPPER),
    of_case("returns:ship", "agent", S.AUTHORISED),
    of_case("returns:appeal", "agent", S.REJECTED),
    of_case("returns:cancel", "agent", S.SUBMITTED),
    by("signoff:parcel-add", "agent", lambda world: [world.free.token]),
    by("signoff:parcel-change", "agent", lambda world: [world.free.token, world.free.parcels.earliest("pk").token]),
    at("signoff:parcel-list", "agent"),
    at("signoff:parcel-list", "agent", query="?tab=settled", note="settled"),
    at("signoff:parcel-list", "manager", query="?q=nothing-like-it", note="nothing found"),
    by("signoff:parcel-trouble", "agent", lambda world: [world.trouble.parcel.token, world.trouble.kind]),
    at("signoff:order-list", "agent"),
    at("signoff:order-list", "agent", query="?q=0001", note="by the end of a telephone"),
    at("signoff:anomaly-list", "agent"),
    at("signoff:anomaly-list", "manager", query="?tab=settled", note="empty"),
    at("signoff:bulk-paste", "finance", "refunds", "paid"),
    at("signoff:view-save", "agent", "cases"),
    at("signoff:import-list", "manager"),
    at("signoff:import-send", "manager"),
    by("signoff:import-columns", "manager", lambda world: [world.imports["table"].token]),
    *[
        by("signoff:import", "manager", lambda world, state=state: [world.imports[state].token], state)
        for state in ("sent", "waiting", "running", "done", "failed", "dropped")
    ],
    by("signoff:order-desk", "agent", lambda world: [world.cases[S.RESOLVED].order.token]),
    by("signoff:order-desk", "manager", lambda world: [world.signed.order.token], "signed"),
    by("signoff:sign-desk", "agent", lambda world: [world.free.token, world.free.parcels.earliest("pk").token]),
    by("signoff:correct-sign-off", "agent", lambda world: [world.signed.order.token, world.signed.token, 2]),
    of_case("refunds:propose", "agent", S.SUBMITTED),
    of_case("refunds:propose", "agent", S.INSPECTED, "again"),
    of_case("refunds:offer", "agent", S.SUBMITTED),
    of_case("refunds:accept-offer", "agent", S.OFFERED),
    of_case("refunds:decline-offer", "agent", S.OFFERED),
    of_case("refunds:payee", "agent", S.SETTLING),
    at("refunds:approval-list", "manager"),
    of_case("refunds:authorise", "manager", S.AWAITING_APPROVAL),
    of_case("refunds:settle", "manager", S.AWAITING_APPROVAL),
    of_case("refunds:send-back", "manager", S.AWAITING_APPROVAL),
    of_case("refunds:send-back-to-bench", "manager", S.AWAITING_APPROVAL),
    at("feedback:message-list", "manager"),
    at("feedback:mail-list", "agent"),
    at("feedback:conversation-list", "agent"),
    at("feedback:conversation-list", "agent", query="?show=complaints", note="complaints"),
    by("feedback:inquiry", "agent", lambda world: [world.inquiry.token]),
    by("feedback:conversation-erase", "manager", lambda world: [world.inquiry.token]),
    Visit(
        "returns:case", "agent", lambda world: world.cases[S.INSPECTED].get_absolute_url() + "?thread=notes", "notes"
    ),
    at("feedback:survey-list", "manager"),
]
BENCH = [
    at("inspection:bench", "inspector"),
    at("inspection:bench", "inspector", query="?code=nothing-like-it", note="nothing found"),
    at("inspection:unknown-new", "inspector"),
    by("inspection:unknown", "inspector", lambda world: [world.unknown.token]),
    of_case("inspection:evidence", "inspector", S.INSPECTED),
    by("inspection:evidence", "agent", lambda world: [world.broken.number], "arrived broken"),
    of_case("inspection:receive", "inspector", S.IN_TRANSIT),
    of_case("inspection:inspect", "inspector", S.RECEIVED),
    of_case("inspection:record_appraisal", "inspector", S.IN_APPRAISAL),
]
MONEY = [
    at("refunds:refund-list", "finance"),
    at("refunds:refund-list", "finance", query="?tab=paid", note="paid"),
    by("refunds:refund", "finance", lambda world: [world.refund.token]),
    by("refunds:refund", "finance", lambda world: [world.failed.token], "failed"),
    at("refunds:replacement-list", "agent"),
    at("refunds:ledger", "finance"),
    at("refunds:claim-list", "finance"),
    at("signoff:scorecards", "finance"),
    at("signoff:scorecards", "manager", query="?subject=supplier", note="empty"),
    at("signoff:scorecard", "manager", "carrier", "DHL"),
    at("signoff:scorecard", "manager", "carrier", "DHL", query="?failing=damaged&which=counted", note="counted"),
    at("signoff:scorecard", "manager", "seller", "Nobody", note="empty"),
    at("signoff:violation-list", "manager"),
    at("signoff:violation-list", "manager", query="?status=waived", note="waived"),
    *[
        by("signoff:violation", "manager", lambda world, status=status: [world.violations[status].token], status)
        for status in ("open", "confirmed", "waived")
    ],
    by("refunds:voucher", "finance", lambda world: [world.number(S.RESOLVED), 1]),
]
OTHERS = [
    at("account_login"),
    at("account_reset_password"),
    at("account_reset_password_done"),
    at("account_change_password", "agent"),
    at("account_reauthenticate", "agent"),
    at("account_logout", "agent"),
    at("account_signup"),
    at("mfa_index", "agent"),
    at("mfa_list_webauthn", "agent"),
    at("demo:look"),
    at("demo:look-portal"),
    at("demo:mail"),
    at("settings", "administrator"),
    at("admin:index", "administrator"),
    at("admin:returns_case_changelist", "administrator"),
    by("admin:refunds_refund_change", "administrator", lambda world: [world.refund.pk]),
    Visit("not found", "nobody", lambda world: "/nowhere/", status=404),
    Visit("forbidden", "agent", lambda world: reverse("refunds:approval-list"), status=403),
]
VISITS = [*SHOPPER, *DESK, *BENCH, *MONEY, *OTHERS]

BUTTON = "the answer to a button: takes no GET"
FILE = "a file"
PROGRAMS = "for programs"
UNUSED = "a page of the library that nothing of ours leads to: nobody signs up, accounts are made by administrators"
CONFIRMED = "asks for the password first; in tests/config/web/test_second_step.py and test_passkey_browser.py"
NO_PAGES = {
    "alive": "for a balancer",
    "api:api-root": PROGRAMS,
    "api:openapi-json": PROGRAMS,
    "api:make_quote": PROGRAMS,
    "ready": "for a balancer",
    "set-theme": BUTTON,
    "set_language": BUTTON,
    "signoff:leave": BUTTON,
    "signoff:brand-css": FILE,
    "signoff:brand-logo": FILE,
    "signoff:entry-link": BUTTON,
    "signoff:link-photo": FILE,
    "signoff:delivery-photo": FILE,
    "signoff:bulk-run": "in tests/refunds/test_bulk.py",
    "signoff:bulk-confirm": BUTTON,
    "signoff:bulk-choose": BUTTON,
    "signoff:view-remove": BUTTON,
    "signoff:view-columns": BUTTON,
    "signoff:export-csv": FILE,
    "signoff:export-xlsx": FILE,
    "signoff:import-encoding": BUTTON,
    "signoff:import-confirm": BUTTON,
    "signoff:scorecards-file": FILE,
    "signoff:violation-confirm": BUTTON,
    "signoff:violation-waive": BUTTON,
    "signoff:import-drop": BUTTON,
    "signoff:import-refused": FILE,
    "signoff:anomaly-settle": BUTTON,
    "signoff:tracking-hook": PROGRAMS,
    "signoff:parcel-settle": BUTTON,
    "returns:desk": "leads on to the queue of one's role",
    "returns:desk-request-discard": BUTTON,
    "returns:take-next": BUTTON,
    "inspection:scan": BUTTON,
    "inspection:unknown-attach": BUTTON,
    "inspection:unknown-photo": FILE,
    "inspection:surplus-decide": BUTTON,
    "returns:take": BUTTON,
    "returns:hand-back": BUTTON,
    "returns:watch": BUTTON,
    "returns:unwatch": BUTTON,
    "returns:presence": "a part of the case page",
    "feedback:notification-bell": "a part of every page",
    "feedback:notification-read-all": BUTTON,
    "feedback:notification-open": BUTTON,
    "signoff:sessions-end": BUTTON,
    "signoff:session-end": BUTTON,
    "signoff:undo": BUTTON,
    "returns:slip": FILE,
    "returns:desk-slip": FILE,
    "returns:evidence": FILE,
    "inspection:photo": FILE,
    "refunds:refund-confirm": BUTTON,
    "refunds:refund-fail": BUTTON,
    "refunds:refund-retry": BUTTON,
    "refunds:refund-payee": BUTTON,
    "refunds:refund-plan-again": BUTTON,
    "refunds:report-same": BUTTON,
    "refunds:report-additional": BUTTON,
    "feedback:message-again": BUTTON,
    "feedback:attachment": FILE,
    "feedback:case-write": BUTTON,
    "feedback:case-complaint": BUTTON,
    "feedback:inquiry-start": BUTTON,
    "feedback:inquiry-write": BUTTON,
    "feedback:inquiry-complaint": BUTTON,
    "feedback:shopper-write": BUTTON,
    "feedback:shopper-ask": BUTTON,
    "feedback:mail-handled": BUTTON,
    "feedback:mail-hook": PROGRAMS,
    "demo:mail-answer": BUTTON,
    "demo:filling": "a part of the ribbon",
    "demo:mail-html": "a mail in a frame of the mail box, under a policy of its own",
    "account_inactive": UNUSED,
    "account_email": UNUSED,
    "account_email_verification_sent": UNUSED,
    "account_set_password": UNUSED,
    "account_confirm_login_code": UNUSED,
    "account_confirm_email": UNUSED,
    "mfa_authenticate": CONFIRMED,
    "mfa_reauthenticate": CONFIRMED,
    "mfa_activate_totp": CONFIRMED,
    "mfa_deactivate_totp": CONFIRMED,
    "mfa_view_recovery_codes": CONFIRMED,
    "mfa_generate_recovery_codes": CONFIRMED,
    "mfa_download_recovery_codes": FILE,
    "mfa_add_webauthn": CONFIRMED,
    "mfa_reauthenticate_webauthn": CONFIRMED,
    "mfa_remove_webauthn": CONFIRMED,
    "mfa_edit_webauthn": CONFIRMED,
    "mfa_login_webauthn": PROGRAMS,
    "account_reset_password_from_key": "reached by a link from a mail",
    "account_reset_password_from_key_done": "reached by a link from a mail",
}
