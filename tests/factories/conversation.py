"""Conversations: threads with their posts, drafts and files; and what people write, by the product's own actions."""

from typing import Any
from uuid import uuid4

import factory
from django.contrib.auth.models import User
from factory.django import DjangoModelFactory

from feedback.conversation.actions import Outgoing, inquiry_of, post_from_shopper, post_message, post_note, thread_of
from feedback.models import (
    Mention,
    Post,
    PostDocument,
    PostDraft,
    PostPicture,
    ReadMark,
    SavedReply,
    Thread,
)
from returns.models import Case
from tests.factories.people import UserFactory
from tests.factories.returns import make_case
from tests.factories.signoff import PLACED, OrderFactory


class ThreadFactory(DjangoModelFactory):
    """An inquiry about an order, without a message yet."""

    class Meta:
        model = Thread

    order = factory.SubFactory(OrderFactory)
    shop = factory.SelfAttribute("order.shop")
    customer = factory.SelfAttribute("order.customer")
    begun_at = PLACED


class PostFactory(DjangoModelFactory):
    """A message of the shopper."""

    class Meta:
        model = Post

    thread = factory.SubFactory(ThreadFactory)
    seq = factory.Sequence(lambda n: n + 1)
    kind = Post.Kind.MESSAGE
    words = "Where is my parcel?"
    written_at = PLACED
    key = factory.Sequence(lambda n: f"key-{n}")


class PostDraftFactory(DjangoModelFactory):
    class Meta:
        model = PostDraft

    thread = factory.SubFactory(ThreadFactory)
    words = "Dear"
    saved_at = PLACED


class PostPictureFactory(DjangoModelFactory):
    """A picture's row without files behind it."""

    class Meta:
        model = PostPicture

    post = factory.SubFactory(PostFactory)
    file = "pictures/ab/ab.jpg"
    thumbnail = "thumbnails/ab/ab.jpg"


class PostDocumentFactory(DjangoModelFactory):
    """A PDF's row without a file behind it."""

    class Meta:
        model = PostDocument

    post = factory.SubFactory(PostFactory)
    file = "documents/ab/ab.pdf"
    name = "slip.pdf"
    pages = 1
    bytes = 1000


class MentionFactory(DjangoModelFactory):
    class Meta:
        model = Mention

    post = factory.SubFactory(PostFactory)
    user = factory.SubFactory(UserFactory)


class ReadMarkFactory(DjangoModelFactory):
    class Meta:
        model = ReadMark

    thread = factory.SubFactory(ThreadFactory)
    user = factory.SubFactory(UserFactory)


class SavedReplyFactory(DjangoModelFactory):
    class Meta:
        model = SavedReply

    key = factory.Sequence(lambda n: f"reply-{n}")
    title_en = "Ask for a photo"
    text_en = "Hello {{ name }}, could you send us a photo for {{ number }}?"
    title_zh_hans = "请补照片"
    text_zh_hans = "{{ name }}，您好：请补充售后单 {{ number }} 的照片。"


def _thread(about: Any) -> Thread:
    if isinstance(about, Thread):
        return Thread.objects.select_related("case", "order__shop", "shop", "customer").get(pk=about.pk)
    return thread_of(about) if isinstance(about, Case) else inquiry_of(about)


def write_message(
    about: Any = None, words: str = "We look into it.", *, by: User | None = None, **options: Any
) -> Post:
    """A message of staff about a case, an order or in a thread."""
    thread, by = _thread(about or make_case()), by or UserFactory(role="agent")
    own = {name: options.pop(name) for name in ("key", "seen", "is_outcome") if name in options}
    return post_message(thread, by=by, out=Outgoing(**({"words": words, "key": uuid4().hex} | own)), **options)


def write_note(
    about: Any = None, words: str = "Third one this week.", *, by: User | None = None, **options: Any
) -> Post:
    """An internal note."""
    thread, by = _thread(about or make_case()), by or UserFactory(role="agent")
    key = options.pop("key", None) or uuid4().hex
    return post_note(thread, by=by, out=Outgoing(words=words, key=key), **options)


def write_as_shopper(about: Any = None, words: str = "Where is it?", **options: Any) -> Post:
    """A message of the shopper."""
    return post_from_shopper(_thread(about or make_case()), words=words, **({"key": uuid4().hex} | options))
