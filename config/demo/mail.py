"""Mail box of the demo: all mails that were sent to shoppers and staff, which can be answered as the shopper."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from config.demo.mail_files import Mail, answer_to, find, newest
from feedback.mail_in.doors import store_mail
from feedback.mail_in.rules import MAX_TEXT
from feedback.models import InboundMail
from signoff.pictures.clean import FORM_MAX, LIMIT
from signoff.web.access import public
from signoff.web.requests import HtmxRequest
from signoff.web.uploads import takes

PAGE_SIZE = 25
#: a mail brings its own styles, and nothing else: no script, no picture, no form, no origin
MAIL_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": ["allow-popups", "allow-top-navigation-by-user-activation"],
}
NO_CONTENT = 204


@public
@require_safe
@never_cache
@csp_override(settings.SECURE_CSP | {"frame-src": [CSP.SELF]})
def mail_box(request: HtmxRequest) -> HttpResponse:
    """The newest mails and one of them opened.

    ``?to=`` filters by part of the address; ``open=`` and ``before=`` are keys of mails. A page polls with the key of
    its ``newest=`` mail and gets 204 when there is no newer one.
    """
    to, before = request.GET.get("to", ""), request.GET.get("before", "")
    page = newest(settings.MAIL_DIR, to=to, before=before, limit=PAGE_SIZE + 1)
    mails, more = page[:PAGE_SIZE], page[PAGE_SIZE:]
    if request.htmx and mails and request.GET.get("newest") == mails[0].key:
        return HttpResponse(status=NO_CONTENT)
    opened = _opened_mail(request, mails)
    context = {
        "mails": mails,
        "mail": opened,
        "text": _rewrite_links(request, opened.text) if opened else "",
        "can_answer": bool(opened and opened.reply_to and "open" in request.GET),  # no news replace what is typed
        "to": to,
        "to_query": _query(to=to),
        "older": _query(to=to, before=mails[-1].key) if more else "",
        "news": "" if before or "open" in request.GET else _query(to=to, newest=mails[0].key if mails else "-"),
    }
    return render(request, "demo/mail.html#box" if request.htmx else "demo/mail.html", context)


@public
@require_safe
@xframe_options_sameorigin
@csp_override(MAIL_POLICY)
def mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part alone, for the frame on the mail box page; its links open in the top window."""
    mail = find(settings.MAIL_DIR, key)
    if mail is None or not mail.html:
        raise Http404
    page = mail.html.replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(_rewrite_links(request, page))


@takes(FORM_MAX)
@public
@require_POST
def mail_answer(request: HttpRequest, key: str) -> HttpResponse:
    """Answer a mail as its shopper: a real mail with a quote below, through the door of all mails."""
    mail = find(settings.MAIL_DIR, key)
    if mail is None or not mail.reply_to:
        raise Http404
    words = request.POST.get("words", "").replace("\0", "").strip()[:MAX_TEXT]
    files = [(upload.name or "file", upload.read()) for upload in request.FILES.getlist("files")[:LIMIT]]
    if words or files:
        store_mail(answer_to(mail, words, files), door=InboundMail.Door.DEMO)
        messages.success(request, _("Your e-mail is on its way. It will appear in the conversation in a few seconds."))
    else:
        messages.error(request, _("Write something or choose a file first."))
    return redirect(reverse("demo:mail", query={"open": key}))


def _opened_mail(request: HttpRequest, mails: list[Mail]) -> Mail | None:
    key = request.GET.get("open", "")
    if key:
        return next((mail for mail in mails if mail.key == key), None) or find(settings.MAIL_DIR, key)
    return mails[0] if mails else None


def _rewrite_links(request: HttpRequest, text: str) -> str:
    """Point links to the host of this request: cookies of 127.0.0.1 are not those of localhost."""
    return text.replace(settings.SITE_URL, f"{request.scheme}://{request.get_host()}")


def _query(**parameters: str) -> str:
    return "?" + urlencode({name: value for name, value in parameters.items() if value})
