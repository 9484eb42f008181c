"""What this app adds to the registries of the apps below it and to its own. Run once, when the app is ready."""

from django.utils.translation import gettext_lazy as _

from returns.intake.queries import orders_with_open_cases, orders_with_requests
from returns.lifecycle.states import STATES
from returns.logbook.digests import EVIDENCE, SIGN_OFF, check_evidence, check_sign_offs, register_digests
from returns.logbook.verbs import register_verb
from returns.models import Case, CaseOrigin, Line, Statement
from returns.permissions import APPROVE, REVIEW
from returns.queue.bulk import TAKE
from returns.queue.listing import QUEUE
from returns.queue.start_page import register_start_page
from returns.review.assignment import next_case_url
from returns.teamwork.bulk import ASSIGN
from returns.teamwork.views import take_assignment_back
from signoff.bulk.registry import register_bulk_action
from signoff.db.roles import register_kept_rows
from signoff.orders.in_use import register_order_use
from signoff.web.access import register_amount_permission
from signoff.web.desk_lists import register_list
from signoff.web.next_item import register_queue
from signoff.web.tones import register_tone
from signoff.web.undo import register_undo

SIGN_OFF_FACTS = ("parcel", "outcome", "signed_by")
PARCEL_FACTS = ("parcel", "kind")


def register() -> None:
    register_kept_rows(Case, Line, CaseOrigin, Statement)
    register_order_use(built_upon=orders_with_requests, open_work=orders_with_open_cases)
    register_start_page("returns:case-list", right=REVIEW, rank=30)
    register_list(QUEUE)
    register_bulk_action(TAKE)
    register_bulk_action(ASSIGN)
    register_amount_permission(REVIEW)
    register_undo("assignment", take_assignment_back)
    register_queue("cases", list_url="returns:case-list", find=next_case_url)
    register_amount_permission(APPROVE)
    for status, state in STATES.items():
        register_tone(status, state.tone)
    register_digests(EVIDENCE, check_evidence)
    register_digests(SIGN_OFF, check_sign_offs)
    _register_openings()
    _register_work()
    _register_review()
    _register_plan()
    _register_goods()
    _register_ends()


def _register_openings() -> None:
    register_verb(
        "open",
        facts=("lines", "channel", *SIGN_OFF_FACTS, "kind", "return_invoice"),  # the last: of an imported return
        desk=_("Request submitted"),
        shopper=_("Request received"),
        topic="received",
        icon="inbox",
        tone="accent",
    )
    register_verb(
        "open",
        channel="sign_off",
        desk=_("Case opened automatically from problems at sign-off"),
        shopper=_("Request opened from what you told us on delivery"),
        topic="received",
        icon="signature",
        tone="accent",
    )
    register_verb(  # no message: the shopper has had one about the parcel exception
        "open",
        channel="carrier",
        desk=_("Case opened automatically from a parcel exception"),
        shopper=_("We opened a request for you because something went wrong with your parcel"),
        icon="truck",
        tone="accent",
    )
    by_agent = {
        Case.Channel.PHONE: (_("Case opened by telephone"), _("We opened this request for you on the telephone")),
        Case.Channel.WECHAT: (_("Case opened by WeChat"), _("We opened this request for you from your WeChat message")),
        Case.Channel.EMAIL: (_("Case opened by e-mail"), _("We opened this request for you from your e-mail")),
        Case.Channel.COUNTER: (_("Case opened at the counter"), _("We opened this request for you at the counter")),
    }
    for channel, (desk, shopper) in by_agent.items():
        register_verb(
            "open", channel=channel, desk=desk, shopper=shopper, topic="received", icon="headset", tone="accent"
        )
    register_verb(
        "sign_off_corrected",
        facts=SIGN_OFF_FACTS,
        desk=_("Sign-off corrected; check the new version"),
        shopper=_("What you told us on delivery was corrected"),
        icon="signature",
        tone="warn",
    )
    register_verb(
        "sign_off_told",
        facts=SIGN_OFF_FACTS,
        desk=_("Problem at sign-off with goods already in this case"),
        shopper=_("What you told us on delivery was added to this request"),
        icon="signature",
        tone="warn",
    )
    register_verb(
        "parcel_troubled",
        facts=PARCEL_FACTS,
        desk=_("Parcel exception for goods already in this case"),
        icon="triangle-alert",
        tone="warn",
    )


def _register_work() -> None:
    register_verb("take", desk=_("Case taken"), icon="hand")
    register_verb("hand_back", desk=_("Case handed back"), icon="undo-2")
    register_verb("assign", facts=("colleague",), desk=_("Assigned to %(colleague)s"), icon="user-plus")
    register_verb("assign_team", facts=("team",), desk=_("Assigned to the team %(team)s"), icon="users")
    register_verb("undo_assignment", desk=_("Assignment undone"), icon="undo-2")
    register_verb(
        "pass_on",
        facts=("away", "colleague"),
        desk=_("%(away)s is away; %(colleague)s stands in"),
        icon="user-plus",
        tone="info",
    )
    register_verb(
        "leave_unassigned",
        facts=("away",),
        desk=_("%(away)s is away without a stand-in; the case is unassigned"),
        icon="user-minus",
        tone="warn",
    )


def _register_review() -> None:
    register_verb(
        "request_information",
        desk=_("More information requested"),
        shopper=_("We asked you for more information"),
        topic="information_wanted",
        icon="message-circle-question-mark",
        tone="warn",
    )
    register_verb(
        "supply_information",
        facts=("pictures",),
        desk=_("Question answered"),
        shopper=True,
        icon="message-circle-reply",
    )
    register_verb(
        "send_to_appraisal",
        desk=_("Sent to appraisal"),
        shopper=_("An expert is reviewing your request"),
        icon="microscope",
    )
    register_verb(
        "record_appraisal",
        facts=("verdict",),
        desk=_("Appraisal completed"),
        shopper=_("The expert has finished"),
        icon="clipboard-check",
    )
    register_verb(
        "reject",
        facts=("resolution",),
        desk=_("Request rejected"),
        shopper=_("Request not approved"),
        topic="rejected",
        icon="circle-x",
        tone="danger",
    )
    register_verb(
        "appeal",
        facts=("pictures",),
        desk=_("Appeal submitted"),
        shopper=True,
        topic="appealed",
        icon="scale",
        tone="warn",
    )


def _register_plan() -> None:
    """``propose`` and ``make_offer`` are registered by refunds, because their sentences name an amount."""
    for verb, facts, topic in (
        ("accept_offer", ("resolution",), "authorised"),
        ("accept_offer_and_settle", ("resolution", "amount"), "settling"),
    ):
        register_verb(
            verb, facts=facts, desk=_("Offer accepted"), shopper=True, topic=topic, icon="thumbs-up", tone="ok"
        )
    register_verb(
        "offer_lapsed",
        desk=_("Offer expired without an answer"),
        shopper=_("Our offer has expired; we're going back to what you asked for"),
        topic="offer_lapsed",
        icon="timer-off",
        tone="warn",
    )
    register_verb("decline_offer", desk=_("Offer declined"), shopper=True, icon="thumbs-down")
    register_verb(
        "authorise",
        facts=("resolution",),
        desk=_("Plan approved, waiting for the goods"),
        shopper=_("Approved; please send the items back"),
        topic="authorised",
        icon="circle-check",
        tone="ok",
    )
    register_verb(
        "settle",
        facts=("resolution", "amount"),
        desk=_("Started carrying out the plan"),
        shopper=_("Agreed: we're completing your request"),
        topic="settling",
        icon="wallet",
        tone="ok",
    )
    for verb in ("take_back", "take_back_to_bench"):
        register_verb(verb, facts=("resolution",), desk=_("Plan recalled by its author"), icon="undo-2")
    register_verb("send_back", facts=("resolution",), desk=_("Plan sent back to review"), icon="corner-up-left")
    register_verb(
        "send_back_to_bench", facts=("resolution",), desk=_("Plan sent back, goods received"), icon="corner-up-left"
    )


def _register_goods() -> None:
    register_verb("ship", facts=("parcel",), desk=_("Goods sent by the shopper"), shopper=_("Items sent"), icon="truck")
    register_verb(
        "receive",
        facts=("counted", "surplus"),
        desk=_("Goods received"),
        shopper=True,
        topic="goods_received",
        icon="package-check",
        tone="info",
    )
    register_verb(
        "report_lost",
        desk=_("Return parcel reported lost"),
        shopper=_("Your parcel seems to be lost; we're looking into it"),
        topic="parcel_lost",
        icon="package-x",
    )
    register_verb(
        "inspect", facts=("verdicts", "units"), desk=_("Goods inspected"), shopper=True, icon="scan-search", tone="info"
    )


def _register_ends() -> None:
    register_verb("resolve", desk=_("Everything resolved"), shopper=True, topic="survey", icon="badge-check", tone="ok")
    register_verb("cancel", desk=_("Request cancelled"), shopper=True, topic="cancelled", icon="ban")
    register_verb("expire", desk=_("Request expired"), shopper=True, topic="expired", icon="timer-off", tone="warn")
    register_verb(
        "reopen", desk=_("Case reopened"), shopper=_("We're reviewing it again"), topic="reopened", icon="rotate-ccw"
    )
    register_verb("close", desk=_("Case closed"), shopper=_("Request closed"), icon="archive")
