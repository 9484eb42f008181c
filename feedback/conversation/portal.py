"""The shopper's side of a conversation: messages about a case, questions about an order, attachments."""

from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.conversation.actions import Outgoing, inquiry_of, post_from_shopper, thread_of
from feedback.conversation.composer import PLACE, Sent, handle_composer, read_form
from feedback.conversation.drafts import keep_draft
from feedback.conversation.rate_limit import count_message
from feedback.models import Post, PostDocument, PostPicture, Thread
from returns.intake.access import entered_order, own_case
from returns.lifecycle.states import STATES
from returns.permissions import REVIEW, VIEW
from signoff.db.required import required
from signoff.lookup.access import shopper
from signoff.lookup.session import entered_orders
from signoff.pictures.clean import FORM_MAX
from signoff.pictures.serve import SEALED, picture_response, size_of
from signoff.web.access import public
from signoff.web.client import address_of
from signoff.web.requests import HtmxRequest
from signoff.web.uploads import takes


@takes(FORM_MAX)
@shopper
@require_POST
def write(request: HtmxRequest, number: str) -> HttpResponse:
    """Send a message about an open case, or keep it as a draft."""
    case = own_case(request, number)
    thread, back = thread_of(case), reverse("returns:status", args=[number])
    if STATES[case.status].is_finished:
        sent = read_form(request)
        keep_draft(thread, user=None, words=sent.words, key=sent.key)
        messages.error(request, _("This request is finished, so your message was not sent. See below what you can do."))
        return redirect(back)
    return _handle(request, thread, back)


@takes(FORM_MAX)
@shopper
@require_POST
def ask(request: HtmxRequest, token: str) -> HttpResponse:
    """Send a question about an order, or keep it as a draft."""
    order = entered_order(request, token)
    if order.customer is None:
        raise Http404
    return _handle(request, inquiry_of(order), reverse("signoff:order", args=[token]))


def _handle(request: HtmxRequest, thread: Thread, back: str) -> HttpResponse:
    def post(sent: Sent, out: Outgoing) -> Post:
        count_message(thread, machine=address_of(request))
        return post_from_shopper(thread, words=out.words, key=out.key)

    thanks = _("Your message has been sent. We'll answer here and by e-mail.")
    return handle_composer(
        request,
        thread,
        user=None,
        back=back,
        post=post,
        confirm=lambda _post: messages.success(request, thanks),
        next_page=lambda sent: back + PLACE,
    )


@public
@require_safe
def attachment(request: HttpRequest, token: str, size: str) -> HttpResponseBase:
    """A picture or PDF of a message for its shopper and for staff; of a note for staff; of a draft for its author."""
    if size == "document":
        return _document(request, token)
    picture = PostPicture.objects.select_related("post__thread", "draft__thread").filter(token=token).first()
    if picture is None or not _may_see(request, picture):
        raise Http404
    return picture_response(picture, size=size_of(size), request=request)


def _document(request: HttpRequest, token: str) -> HttpResponseBase:
    document = PostDocument.objects.select_related("post__thread", "draft__thread").filter(token=token).first()
    if document is None or not document.file or not _may_see(request, document):
        raise Http404
    try:
        file = document.file.storage.open(required(document.file.name))
    except FileNotFoundError as lost:
        raise Http404 from lost
    response = FileResponse(file, as_attachment=True, filename=document.name, content_type="application/pdf")
    for header, value in SEALED.items():
        response.headers[header] = value
    return response


def _may_see(request: HttpRequest, attached: PostPicture | PostDocument) -> bool:
    post, draft = attached.post, attached.draft
    is_own = partial(_entered, request)
    if draft is not None:
        return draft.user_id == request.user.pk if draft.user_id else is_own(draft.thread)
    thread = required(post).thread
    if request.user.has_perm(VIEW if thread.case_id else REVIEW):
        return True
    return required(post).kind == Post.Kind.MESSAGE and is_own(thread)


def _entered(request: HttpRequest, thread: Thread) -> bool:
    return thread.order_id in entered_orders(request)
