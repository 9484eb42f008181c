"""The case and its state machine: every legal transition. Run only by ``returns.lifecycle.actions.take_step``."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from returns.lifecycle.states import FINISHED, OPEN, PAY, STATES, Status
from returns.models.queues import CaseQuerySet
from returns.models.triggers import ClosedIsImmutable, LegalStatus, RecordedStatus
from returns.permissions import APPROVE, INSPECT, REVIEW
from signoff.models import Customer, Order, Shop, Team
from signoff.models.orders import money


def nobody(case: models.Model, user: PermissionsMixin | AnonymousUser) -> bool:
    """A step that only the system takes."""
    return False


def reviewer_or_approver(case: Any, user: PermissionsMixin | AnonymousUser) -> bool:
    """While a plan waits for approval the approver decides, before and after it the reviewer."""
    return user.has_perm(APPROVE if case.status == Case.Status.AWAITING_APPROVAL else REVIEW)


def reviewer_or_payer(case: models.Model, user: PermissionsMixin | AnonymousUser) -> bool:
    """Who sees that a plan cannot be carried out: the reviewer, or finance."""
    return user.has_perm(REVIEW) or user.has_perm(PAY)


class Case(FSMModelMixin, models.Model):
    """One shopper's wish to have something put right, from first word to archive.

    ``status`` moves only through the transitions below, and those are run only by
    ``returns.lifecycle.actions.take_step``, which authorises and records them. ``seq`` and ``head`` are the
    number and hash of the last logbook entry; ``seq`` is also the version a form was drawn from.
    ``value`` is what the requested units cost the shopper (order's currency, tax included).
    ``owner`` is the reviewer whose turn it is when the case waits for a review, and who keeps it while it waits for
    others. ``team`` shares the case; one of its members may own it.
    A transition's ``custom`` says: ``label`` of its button, ``shopper`` where the shopper may take it,
    ``system`` where no person does, ``tone`` of its button.
    """

    Status = Status

    class Channel(models.TextChoices):
        PORTAL = "portal", _("online by the shopper")
        AGENT = "agent", _("agent for the shopper")
        IMPORT = "import", _("import")
        SIGN_OFF = "sign_off", _("problem at sign-off")
        CARRIER = "carrier", _("carrier report")
        PHONE = "phone", _("by telephone")
        WECHAT = "wechat", _("by WeChat")
        EMAIL = "email", _("by e-mail")
        COUNTER = "counter", _("at the counter")

    number = models.CharField(_("number"), max_length=20, unique=True)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="cases", db_index=False, verbose_name=_("shop"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="cases", verbose_name=_("order"))
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("customer")
    )
    status = FSMField(_("status"), max_length=20, choices=Status, default=Status.SUBMITTED, protected=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PORTAL)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    value = money(_("value"))
    opened_at = models.DateTimeField(_("opened"))
    status_since = models.DateTimeField(_("in this status since"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        db_index=False,
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"), db_index=False
    )
    parcels = models.ManyToManyField("signoff.Parcel", blank=True, related_name="cases", verbose_name=_("parcels"))
    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    objects = CaseQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["head"])

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions = [
            ("review_case", _("Can review cases")),
            ("approve_case", _("Can approve plans")),
            ("inspect_case", _("Can receive and inspect goods")),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="case_status_known"),
        ]
        indexes = [
            models.Index(fields=["status", "due_at", "id"], name="case_queue"),
            models.Index(
                fields=["owner", "status", "due_at", "id"], include=["language", "shop"], name="case_owner_queue"
            ),
            # the orders of the queue; what its filters ask rides along, so that rows passed over cost little
            models.Index(
                fields=["due_at", "id"],
                include=["status", "owner", "team", "shop", "language"],
                condition=models.Q(status__in=OPEN),
                name="case_open_queue",
            ),
            models.Index(
                fields=["team", "due_at", "id"],
                condition=models.Q(team__isnull=False, status__in=OPEN),
                name="case_team_queue",
            ),
            models.Index(
                fields=["-opened_at", "-id"],
                include=["status", "owner", "shop", "language"],
                condition=models.Q(status__in=FINISHED),
                name="case_finished_queue",
            ),
            # of open cases the oldest first: without these, all that finished long ago would be passed over
            models.Index(
                fields=["opened_at", "id"],
                include=["status", "owner", "shop", "language"],
                condition=models.Q(status__in=OPEN),
                name="case_open_oldest",
            ),
            models.Index(
                fields=["number"],
                include=["status", "owner", "shop", "language"],
                condition=models.Q(status__in=OPEN),
                name="case_open_number",
            ),
            models.Index(
                fields=["-opened_at", "-id"], include=["status", "owner", "shop", "language"], name="case_newest_first"
            ),
            models.Index(fields=["shop", "language", "status", "due_at", "id"], name="case_shop_queue"),
            models.Index(fields=["value", "id"], include=["status", "owner", "shop", "language"], name="case_by_value"),
        ]
        triggers = [
            LegalStatus(name="case_legal_status"),
            RecordedStatus(name="case_recorded_status"),
            ClosedIsImmutable(name="case_closed_immutable"),
            pgtrigger.Protect(name="case_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number

    def get_status_display(self) -> str:  # type: ignore[no-redef]  # the plugin writes one too
        """The state's name. Django's own hashes the translated names of all states first, for every row of a list."""
        return str(Status(self.status).label)

    @property
    def shopper_status(self) -> str:
        """The state in the words that the shopper reads; ``get_status_display`` is for staff."""
        return str(STATES[self.status].shopper_label)

    def get_absolute_url(self) -> str:
        """The desk's page of the case."""
        return reverse("returns:case", args=[self.number])

    # Review

    @transition(
        status,
        source=Status.SUBMITTED,
        target=Status.WAITING_ON_SHOPPER,
        permission=REVIEW,
        custom={"label": _("Ask shopper")},
    )
    def request_information(self) -> None:
        """The shopper owes an answer."""

    @transition(
        status,
        source=Status.WAITING_ON_SHOPPER,
        target=Status.SUBMITTED,
        permission=REVIEW,
        custom={"label": _("Record shopper's answer"), "shopper": True},
    )
    def supply_information(self) -> None:
        """The shopper has answered; the review goes on."""

    @transition(
        status,
        source=Status.SUBMITTED,
        target=Status.IN_APPRAISAL,
        permission=REVIEW,
        custom={"label": _("Send to appraisal")},
    )
    def send_to_appraisal(self) -> None:
        """An expert looks at the evidence before goods travel."""

    @transition(
        status,
        source=Status.IN_APPRAISAL,
        target=Status.SUBMITTED,
        permission=INSPECT,
        custom={"label": _("Record appraisal")},
    )
    def record_appraisal(self) -> None:
        """The expert's view is in; the review goes on."""

    # Plan

    @transition(
        status,
        source=[Status.SUBMITTED, Status.INSPECTED],
        target=Status.AWAITING_APPROVAL,
        permission=REVIEW,
        custom={"label": _("Propose plan"), "tone": "primary"},
    )
    def propose(self) -> None:
        """A plan or a counter-offer is made and waits for those with the authority."""

    @transition(
        status,
        source=Status.OFFERED,
        target=Status.AUTHORISED,
        permission=REVIEW,
        custom={"label": _("Accept offer"), "shopper": True, "tone": "primary"},
    )
    def accept_offer(self) -> None:
        """The shopper agrees to the approved offer, and the goods come back."""

    @transition(
        status,
        source=Status.OFFERED,
        target=Status.SETTLING,
        permission=REVIEW,
        custom={"label": _("Accept offer"), "shopper": True, "tone": "primary"},
    )
    def accept_offer_and_settle(self) -> None:
        """The same where no goods are awaited (any more)."""

    @transition(
        status,
        source=Status.OFFERED,
        target=Status.SUBMITTED,
        permission=REVIEW,
        custom={"label": _("Decline offer"), "shopper": True},
    )
    def decline_offer(self) -> None:
        """The shopper does not agree; the review goes on."""

    @transition(
        status,
        source=Status.OFFERED,
        target=Status.SUBMITTED,
        permission=nobody,
        custom={"label": _("Let offer expire"), "system": True},
    )
    def offer_lapsed(self) -> None:
        """The shopper has not answered in time; the review decides about the original wish."""

    # Approval

    @transition(
        status,
        source=Status.AWAITING_APPROVAL,
        target=Status.AUTHORISED,
        permission=APPROVE,
        custom={"label": _("Approve"), "tone": "primary"},
    )
    def authorise(self) -> None:
        """The plan is approved and the goods come back."""

    @transition(
        status,
        source=Status.AWAITING_APPROVAL,
        target=Status.SETTLING,
        permission=APPROVE,
        custom={"label": _("Approve"), "tone": "primary"},
    )
    @transition(
        status,
        source=Status.INSPECTED,
        target=Status.SETTLING,
        permission=nobody,
        custom={"label": _("Carry out plan"), "system": True},
    )
    def settle(self) -> None:
        """The plan is approved and no goods are awaited (any more)."""

    @transition(
        status,
        source=Status.AWAITING_APPROVAL,
        target=Status.OFFERED,
        permission=APPROVE,
        custom={"label": _("Approve"), "tone": "primary"},
    )
    def make_offer(self) -> None:
        """The approved plan is a counter-offer; the shopper says yes or no, and a yes goes straight on."""

    @transition(
        status,
        source=Status.AWAITING_APPROVAL,
        target=Status.SUBMITTED,
        permission=APPROVE,
        custom={"label": _("Send back to review")},
    )
    def send_back(self) -> None:
        """The plan is to be made again by the review."""

    @transition(
        status,
        source=Status.AWAITING_APPROVAL,
        target=Status.INSPECTED,
        permission=APPROVE,
        custom={"label": _("Send back for a new plan (goods received)")},
    )
    def send_back_to_bench(self) -> None:
        """The plan is to be made again; the goods are already inspected."""

    @transition(
        status,
        source=Status.AWAITING_APPROVAL,
        target=Status.SUBMITTED,
        permission=REVIEW,
        custom={"label": _("Recall plan")},
    )
    def take_back(self) -> None:
        """Its author takes the plan back while nobody has decided."""

    @transition(
        status,
        source=Status.AWAITING_APPROVAL,
        target=Status.INSPECTED,
        permission=REVIEW,
        custom={"label": _("Recall plan (goods received)")},
    )
    def take_back_to_bench(self) -> None:
        """The same where the goods are already inspected."""

    @transition(
        status,
        source=[Status.SUBMITTED, Status.INSPECTED, Status.AWAITING_APPROVAL],
        target=Status.REJECTED,
        permission=reviewer_or_approver,
        custom={"label": _("Reject"), "tone": "danger"},
    )
    def reject(self) -> None:
        """The request is rejected, with a reason; the shopper can appeal."""

    @transition(
        status,
        source=[Status.OFFERED, Status.AWAITING_APPROVAL, Status.SETTLING],
        target=Status.SUBMITTED,
        permission=reviewer_or_payer,
        custom={"label": _("Stop plan"), "system": True},
    )
    def stop_plan(self) -> None:
        """The plan cannot be carried out any more; the review makes another."""

    @transition(
        status,
        source=[Status.OFFERED, Status.AWAITING_APPROVAL, Status.SETTLING],
        target=Status.INSPECTED,
        permission=reviewer_or_payer,
        custom={"label": _("Stop plan (goods received)"), "system": True},
    )
    def stop_plan_at_bench(self) -> None:
        """The same where the goods are already inspected."""

    # The journey of the goods

    @transition(
        status,
        source=Status.AUTHORISED,
        target=Status.IN_TRANSIT,
        permission=REVIEW,
        custom={"label": _("Record return shipment"), "shopper": True},
    )
    def ship(self) -> None:
        """The shopper has sent the goods."""

    @transition(
        status,
        source=[Status.AUTHORISED, Status.IN_TRANSIT],
        target=Status.RECEIVED,
        permission=INSPECT,
        custom={"label": _("Receive goods"), "tone": "primary"},
    )
    def receive(self) -> None:
        """The goods have arrived for inspection."""

    @transition(
        status,
        source=Status.IN_TRANSIT,
        target=Status.SUBMITTED,
        permission=REVIEW,
        custom={"label": _("Report parcel lost")},
    )
    def report_lost(self) -> None:
        """The return parcel is lost; the review decides what follows."""

    @transition(
        status,
        source=Status.RECEIVED,
        target=Status.INSPECTED,
        permission=INSPECT,
        custom={"label": _("Inspect"), "tone": "primary"},
    )
    def inspect(self) -> None:
        """Every line has its verdict and disposition."""

    # Ends

    @transition(
        status,
        source=Status.SETTLING,
        target=Status.RESOLVED,
        permission=nobody,
        custom={"label": _("Mark as resolved"), "system": True},
    )
    def resolve(self) -> None:
        """All refunds are paid and all replacements delivered."""

    @transition(
        status,
        source=[
            Status.SUBMITTED,
            Status.WAITING_ON_SHOPPER,
            Status.IN_APPRAISAL,
            Status.OFFERED,
            Status.AWAITING_APPROVAL,
            Status.AUTHORISED,
        ],
        target=Status.CANCELLED,
        permission=REVIEW,
        custom={"label": _("Cancel request"), "shopper": True, "tone": "danger"},
    )
    def cancel(self) -> None:
        """The shopper cancels the request."""

    @transition(
        status,
        source=[Status.WAITING_ON_SHOPPER, Status.AUTHORISED],
        target=Status.EXPIRED,
        permission=nobody,
        custom={"label": _("Expire"), "system": True},
    )
    def expire(self) -> None:
        """The shopper has let the deadline pass."""

    @transition(
        status,
        source=Status.RESOLVED,
        target=Status.SUBMITTED,
        permission=REVIEW,
        custom={"label": _("Reopen"), "shopper": True},
    )
    def reopen(self) -> None:
        """A resolved case goes back to the review: something is still wrong."""

    @transition(
        status,
        source=Status.REJECTED,
        target=Status.SUBMITTED,
        permission=REVIEW,
        custom={"label": _("Appeal"), "shopper": True},
    )
    def appeal(self) -> None:
        """The shopper does not accept the rejection; somebody looks again."""

    @transition(
        status,
        source=[Status.RESOLVED, Status.REJECTED, Status.CANCELLED, Status.EXPIRED],
        target=Status.CLOSED,
        permission=nobody,
        custom={"label": pgettext_lazy("step of a case", "Close"), "system": True, "shopper": True},
    )
    def close(self) -> None:
        """The case is archived and cannot be changed."""


#: how a shopper may reach an agent who then opens the case (``returns.models.Contact``)
BY_AGENT = (Case.Channel.PHONE, Case.Channel.WECHAT, Case.Channel.EMAIL, Case.Channel.COUNTER)
