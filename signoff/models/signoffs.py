"""Sign-offs: who received a parcel, when, and what was wrong. Append-only; corrections are new rows.

Data that may have to be erased (words, names, pictures) is in tables of its own.
"""

from django.conf import settings
from django.db import models
from django.db.models import Func
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from signoff.db.lookups import any_of
from signoff.db.triggers import append_only
from signoff.models.orders import Order, OrderLine
from signoff.models.parcels import Parcel
from signoff.pictures.models import Picture

#: outcomes that need attention: something was wrong, or an earlier sign-off was corrected
CONSEQUENCES = models.Q(outcome__in=["partly", "refused"]) | models.Q(corrects__isnull=False)


class SignOffQuerySet(models.QuerySet["SignOff"]):
    def with_consequences(self) -> "SignOffQuerySet":
        """Sign-offs with discrepancies and corrections, found by a partial index."""
        return self.filter(CONSEQUENCES)


class SignOff(models.Model):
    """A sign-off of a parcel. ``corrects`` is the sign-off that it replaces.

    ``hash`` = sha256(hash of the corrected one ‖ canonical JSON) of all that was signed, lines and pictures included,
    see ``signoff.signoffs.proof``. ``seq`` counts the corrections from 1. ``pictures`` is photo's token → digest.
    ``transaction`` is PostgreSQL's number of the transaction that wrote it: checkpoints go by it.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        WITH_REMARKS = "with_remarks", _("accepted with remarks")
        PARTLY = "partly", _("partly accepted")
        REFUSED = "refused", _("refused at the door")

    class Channel(models.TextChoices):
        PORTAL = "portal", _("online")
        PHONE = "phone", _("by phone")
        EMAIL = "email", _("by e-mail")
        COUNTER = "counter", _("in the shop")
        CARRIER = "carrier", _("proof of delivery")
        TIMER = "timer", _("automatically")

    class Who(models.TextChoices):
        BUYER = "buyer", _("the buyer")
        HOUSEHOLD = "household", _("someone in the household")
        NEIGHBOUR = "neighbour", _("a neighbour")
        DESK = "desk", _("a reception desk or parcel shop")
        OTHER = "other", _("someone else")

    order = models.ForeignKey(Order, models.PROTECT, related_name="sign_offs", verbose_name=_("order"))
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="sign_offs", verbose_name=_("parcel")
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    said_by = models.CharField(_("accepted by"), max_length=10, choices=Who, blank=True, default="", db_default="")
    signed_at = models.DateTimeField(_("signed"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("replaces")
    )
    seq = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    pictures = models.JSONField(default=dict, db_default={}, editable=False)
    previous = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    transaction = models.BigIntegerField(db_default=Func(function="txid_current"), editable=False)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints = [
            models.UniqueConstraint(
                fields=["parcel"], condition=models.Q(corrects=None), name="one_first_sign_off_per_parcel"
            ),
            models.UniqueConstraint(fields=["hash"], condition=~models.Q(hash=""), name="one_sign_off_per_hash"),
        ]
        indexes = [models.Index(fields=["id"], condition=CONSEQUENCES, name="sign_off_with_consequences")]
        triggers = append_only("signoff")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.signed_at:%Y-%m-%d}"

    @property
    def is_said(self) -> bool:
        """Whether a person reported the contents; a carrier's proof and the timer assume that all is well."""
        return self.channel not in (self.Channel.CARRIER, self.Channel.TIMER)

    @property
    def is_counted(self) -> bool:
        """Whether the contents were counted; a parcel refused on delivery was not opened."""
        return self.is_said and self.outcome != self.Outcome.REFUSED


class SignOffLine(models.Model):
    """Units of an order line that were expected and that were counted."""

    sign_off = models.ForeignKey(SignOff, models.PROTECT, related_name="lines", verbose_name=_("sign-off"))
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="+", verbose_name=_("order line"))
    expected = models.PositiveIntegerField(_("expected"))
    counted = models.PositiveIntegerField(_("counted"))

    class Meta:
        verbose_name = _("line of a sign-off")
        verbose_name_plural = _("lines of sign-offs")
        ordering = ["sign_off", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sign_off", "order_line"], name="one_sign_off_line_per_order_line"),
            models.CheckConstraint(condition=models.Q(expected__gt=0), name="sign_off_line_expects_something"),
        ]
        triggers = append_only("signoffline")

    def __str__(self) -> str:
        return f"{self.counted} / {self.expected}"


class Discrepancy(models.Model):
    """Units of a line with one kind of problem."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("missing")
        WRONG_ITEM = "wrong_item", _("wrong item")
        DAMAGED = "damaged", _("damaged in transit")
        DEFECTIVE = "defective", _("defective")
        NOT_AS_DESCRIBED = "not_as_described", _("not as described")

    line = models.ForeignKey(
        SignOffLine, models.PROTECT, related_name="discrepancies", verbose_name=_("line of a sign-off")
    )
    kind = models.CharField(_("what's wrong"), max_length=16, choices=Kind)
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")
        ordering = ["line", "id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "kind"], name="one_discrepancy_per_kind"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="discrepancy_quantity_positive"),
        ]
        triggers = append_only("discrepancy")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.get_kind_display()}"


class SignOffNote(models.Model):
    """A comment, or the name of who received the parcel: personal data, erasable and not part of the hash."""

    sign_off = models.ForeignKey(SignOff, models.PROTECT, related_name="notes", verbose_name=_("sign-off"))
    line = models.ForeignKey(
        SignOffLine, models.PROTECT, null=True, blank=True, related_name="notes", verbose_name=_("line of a sign-off")
    )
    name = models.CharField(_("full name"), max_length=200, blank=True)
    words = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("note of a sign-off")
        verbose_name_plural = _("notes of sign-offs")

    def __str__(self) -> str:
        return f"{self.sign_off_id}"


class SignOffPhotoQuerySet(models.QuerySet["SignOffPhoto"]):
    def visible_to_entries(self, order_ids: list[int]) -> "SignOffPhotoQuerySet":
        """Photos of parcels whose orders this browser has opened."""
        return self.filter(any_of("parcel__order_id", order_ids))

    def waiting(self, parcel: Parcel) -> "SignOffPhotoQuerySet":
        """Photos that were uploaded and are not part of a sign-off yet."""
        return self.filter(parcel=parcel, sign_off=None).order_by("pk")


class SignOffPhoto(Picture):
    """A photo taken on delivery: of an order line, or of the parcel's outside (``order_line`` empty)."""

    owners = frozenset({"sign_off_id"})

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="photos", verbose_name=_("parcel"))
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("order line")
    )
    sign_off = models.ForeignKey(
        SignOff, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name=_("sign-off")
    )

    objects = SignOffPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of a delivery")
        verbose_name_plural = _("photos of deliveries")


class Rating(models.Model):
    """A shopper's rating of shop or carrier: 1 (worst) to 5 stars and a comment."""

    class About(models.TextChoices):
        SHOP = "shop", _("the shop")
        CARRIER = "carrier", _("the carrier")

    order = models.ForeignKey(Order, models.PROTECT, related_name="ratings", verbose_name=_("order"))
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="ratings", verbose_name=_("parcel")
    )
    sign_off = models.ForeignKey(
        SignOff, models.PROTECT, null=True, blank=True, related_name="ratings", verbose_name=_("sign-off")
    )
    about = models.CharField(_("rating of"), max_length=8, choices=About)
    stars = models.PositiveSmallIntegerField(_("stars"))
    words = models.TextField(_("comment"), blank=True)
    given_at = models.DateTimeField(_("rated on"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.CheckConstraint(condition=models.Q(stars__range=(1, 5)), name="rating_one_to_five"),
            models.UniqueConstraint(
                fields=["parcel", "about"], condition=models.Q(parcel__isnull=False), name="one_rating_per_parcel"
            ),
        ]
        indexes = [models.Index(fields=["about", "given_at"], name="rating_when")]

    def __str__(self) -> str:
        return f"{self.stars}/5"
