"""Conversations with shoppers: threads, their messages and internal notes, attachments and drafts.

What people wrote is personal: it is here and nowhere else, and can be erased. The logbook of a case has only an entry
with numbers for each message.
"""

import uuid
from datetime import timedelta
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from returns.models import Case
from signoff.db.tokens import public_token
from signoff.models import Customer, Order, Shop
from signoff.pictures.models import Picture

FIRST_ANSWER = timedelta(hours=24)  # of a complaint about the service
RESULT = timedelta(hours=48)


class ThreadQuerySet(models.QuerySet["Thread"]):
    def for_list(self) -> "ThreadQuerySet":
        """Rows of a list."""
        return self.select_related("case", "order", "shop", "customer")

    def unanswered(self) -> "ThreadQuerySet":
        """Threads whose last word is the shopper's."""
        return self.filter(waiting_since__isnull=False)

    def inquiries(self) -> "ThreadQuerySet":
        """Threads of orders, which belong to no case."""
        return self.filter(case=None, last_at__isnull=False)

    def complaints(self) -> "ThreadQuerySet":
        """Complaints about the service without a result."""
        return self.filter(severity__isnull=False, concluded_at=None, last_at__isnull=False)

    def begun(self) -> "ThreadQuerySet":
        """Threads with at least one message; a draft alone makes a thread without any."""
        return self.filter(last_at__isnull=False)


class Thread(models.Model):
    """The conversation about one case or, without a case, about one order (an inquiry).

    An inquiry stays a thread of its own when the order gets a case. ``seq`` is the number of the last post,
    ``last_at`` the time of the last message (notes do not count) and ``waiting_since`` that of the first message of the
    shopper that is not answered yet. ``shopper_seen`` is the number of the last post that the shopper's page has shown.

    A complaint about the service has a ``severity`` and a clock of its own, whose ends are stored. ``erased_at`` is the
    last time that its words were erased; people may have written since.
    """

    class Severity(models.IntegerChoices):
        MINOR = 1, _("minor")
        SERIOUS = 2, _("serious")
        GRAVE = 3, _("grave")

    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", verbose_name=_("shop"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="threads", verbose_name=_("order"))
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="thread", verbose_name=_("case")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    seq = models.PositiveIntegerField(default=0)
    shopper_seen = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(_("begun"))
    last_at = models.DateTimeField(_("last message"), null=True, blank=True)
    waiting_since = models.DateTimeField(_("unanswered since"), null=True, blank=True)

    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity, null=True, blank=True)
    complained_at = models.DateTimeField(_("complaint since"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("first answer due"), null=True, blank=True)
    answered_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    result_due_at = models.DateTimeField(_("result due"), null=True, blank=True)
    concluded_at = models.DateTimeField(_("result"), null=True, blank=True)

    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("erased by")
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-last_at", "-id"]
        permissions = [("erase_thread", _("Can erase conversations"))]
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(case=None), name="one_inquiry_per_order"),
            models.CheckConstraint(condition=Q(shopper_seen__lte=F("seq")), name="shopper_saw_what_is_there"),
            models.CheckConstraint(
                condition=Q(severity=None, complained_at=None, answer_due_at=None, result_due_at=None)
                | Q(
                    severity__isnull=False,
                    severity__in=[1, 2, 3],
                    complained_at__isnull=False,
                    answer_due_at__isnull=False,
                    result_due_at__isnull=False,
                ),
                name="complaint_has_its_clock",
            ),
        ]
        indexes = [
            models.Index(
                fields=["waiting_since", "id"], condition=Q(waiting_since__isnull=False), name="thread_unanswered"
            ),
            models.Index(fields=["-last_at", "-id"], condition=Q(last_at__isnull=False), name="thread_newest"),
            models.Index(
                fields=["-last_at", "-id"], condition=Q(case=None, last_at__isnull=False), name="thread_inquiries"
            ),
            models.Index(
                fields=["result_due_at", "id"],
                condition=Q(severity__isnull=False, concluded_at=None),
                name="thread_complaints",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case or self.order)

    @property
    def number(self) -> str:
        """Number of the case, else of the order."""
        return self.case.number if self.case else self.order.number

    def get_absolute_url(self) -> str:
        """The desk's page: the case, or the inquiry's own."""
        return self.case.get_absolute_url() if self.case else reverse("feedback:inquiry", args=[self.token])

    @property
    def is_open_complaint(self) -> bool:
        return self.severity is not None and self.concluded_at is None


class Post(models.Model):
    """One message of a thread, or an internal note, which no shopper ever sees.

    ``by`` wrote it; empty for the shopper. ``log_seq`` is its logbook entry where the thread has a case. ``key`` is the
    single-use key of the form: one key makes one post. ``words`` can be erased; nothing else changes.
    """

    class Kind(models.TextChoices):
        MESSAGE = "message", _("message")
        NOTE = "note", _("internal note")

    class Via(models.TextChoices):
        PAGE = "page", _("on the page")
        MAIL = "mail", _("by e-mail")

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="posts", verbose_name=_("conversation"))
    seq = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    via = models.CharField(_("channel"), max_length=8, choices=Via, default=Via.PAGE)
    words = models.TextField(_("words"), blank=True)
    written_at = models.DateTimeField(_("written on"))
    log_seq = models.PositiveIntegerField(null=True, blank=True)
    key = models.CharField(max_length=64)
    is_outcome = models.BooleanField(_("result of a complaint"), default=False)

    class Meta:
        verbose_name = _("message of a conversation")
        verbose_name_plural = _("messages of conversations")
        ordering = ["thread", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "seq"], name="one_post_per_number"),
            models.UniqueConstraint(fields=["thread", "key"], name="one_post_per_key"),
            models.CheckConstraint(
                condition=Q(kind="message") | Q(kind="note", by__isnull=False), name="note_is_by_staff"
            ),
        ]
        indexes = [models.Index(fields=["thread", "log_seq"], name="post_of_entry")]
        triggers = [
            pgtrigger.Protect(name="post_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="post_only_erased",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.words IN (OLD.words, '') AND to_jsonb(NEW) - 'words' = to_jsonb(OLD) - 'words' THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'a message cannot be changed, only erased' USING ERRCODE = 'check_violation';
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}/{self.seq}"

    @property
    def is_note(self) -> bool:
        return self.kind == self.Kind.NOTE


class PostDraft(models.Model):
    """What somebody has typed and not sent: a member of staff, or the shopper where ``user`` is empty."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="drafts", verbose_name=_("conversation"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Post.Kind, default=Post.Kind.MESSAGE)
    words = models.TextField(_("words"), blank=True)
    saved_at = models.DateTimeField(_("kept"))

    class Meta:
        verbose_name = _("draft of a message")
        verbose_name_plural = _("drafts of messages")
        constraints = [
            models.UniqueConstraint(fields=["thread", "user"], nulls_distinct=False, name="one_draft_per_person"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Attached(models.Model):
    """What belongs to a post, or to the draft that it was chosen for."""

    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    draft = models.ForeignKey(PostDraft, models.CASCADE, null=True, blank=True, related_name="%(class)ss")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False) ^ Q(draft__isnull=False), name="%(class)s_of_post_or_draft"
            )
        ]


class PostPicture(Attached, Picture):
    """A picture of a message, through the same pipeline as evidence."""

    owners: ClassVar[frozenset[str]] = frozenset({"post_id", "draft_id"})

    class Meta(Attached.Meta):
        verbose_name = _("picture of a message")
        verbose_name_plural = _("pictures of messages")

    def __str__(self) -> str:
        return f"picture {self.pk}"


def document_path(document: "PostDocument", name: str) -> str:
    """A random place for the file; the uploader's ``name`` is never used."""
    place = uuid.uuid4().hex
    return f"documents/{place[:2]}/{place}.pdf"


class PostDocument(Attached):
    """A PDF of a message, written anew (``signoff.pictures.sandbox.documents``). Once erased, ``file`` is empty."""

    token = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to=document_path, max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=60)
    pages = models.PositiveIntegerField(_("pages"))
    bytes = models.PositiveIntegerField(_("bytes stored"))
    sha256 = models.CharField(_("SHA-256 of the original"), max_length=64, blank=True)

    class Meta(Attached.Meta):
        verbose_name = _("PDF of a message")
        verbose_name_plural = _("PDFs of messages")

    def __str__(self) -> str:
        return self.name


class Mention(models.Model):
    """A colleague named as @user name in a note or a message of staff; the source of notifications."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="mentions", verbose_name=_("message"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions", verbose_name=_("colleague")
    )

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="one_mention_per_post")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.user_id}"


class ReadMark(models.Model):
    """How far a member of staff has read a thread: the number of the last post that a page has shown them."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="read_marks", verbose_name=_("conversation"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user"))
    seq = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="one_read_mark_per_person")]

    def __str__(self) -> str:
        return f"{self.thread_id}: {self.seq}"
