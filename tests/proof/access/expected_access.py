"""Every address of the product and who may use it, by itself: nothing here is read from the code that decides.

``right`` is one of

- ``anybody``
- ``shopper``: whoever has entered an order; ``owner``: whoever has entered the very order
- ``picture``: its owner, or staff who may look
- ``staff``: any active member of staff, or one with the right of that name (``ROLES``)
- ``admin``: whoever may open Django's admin
- ``api``: a program with a token; nobody's session counts
- ``signed``: a service that signs what it sends with a secret we share; nobody's session counts

``takes`` are the methods besides HEAD, which goes where GET goes. What a page does not take is 405, but first
of all it is asked who is there. ``also`` names a status that tells more than "let in" (``POST=403``), or the
right that the action itself asks for once more, by the state of the case (``POST:review``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

ROLES = {
    "agent": {"look", "parcels", "sign", "odd", "review", "replace", "messages", "send messages"},
    "inspector": {"look", "inspect"},
    "manager": {
        "look", "parcels", "sign", "odd", "imports", "review", "approve", "replace", "messages", "send messages",
        "surveys", "refunds", "books", "scores", "decide", "claims", "erase",
    },
    "finance": {"look", "refunds", "pay", "books", "scores", "claims"},
    "administrator": {
        "look", "parcels", "sign", "odd", "imports", "review", "inspect", "approve", "replace", "messages",
        "send messages", "surveys", "refunds", "pay", "books", "scores", "decide", "claims", "configure",
        "erase",
    },
}  # fmt: skip
SHOPPERS = ("owner", "other shopper")
STRANGERS = ("anonymous", "deactivated", "revoked program")
EVERYBODY = (*STRANGERS, "program", *SHOPPERS, *ROLES)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")

TABLE = """
address                                                            right          takes     also
healthz                                                            anybody        GET
readyz                                                             anybody        GET
theme/                                                             anybody        POST
i18n/setlang/                                                      anybody        GET POST

                                                                   anybody        GET POST
s/<slug:shop>/                                                     anybody        GET POST
s/<slug:shop>/brand.css                                            anybody        GET
s/<slug:shop>/logo.png                                             anybody        GET
code/                                                              anybody        GET POST
enter/<str:token>/                                                 anybody        GET POST  POST=403
leave/                                                             anybody        POST
orders/                                                            shopper        GET
orders/<str:token>/                                                owner          GET
orders/<str:token>/parcels/<str:parcel>/sign/                      owner          GET POST
sign/<str:link>/                                                   anybody        GET POST
sign/<str:link>/photos/<uuid:photo>/<str:size>                     anybody        GET
delivery-photos/<uuid:token>/<str:size>                            picture        GET
orders/<str:token>/request/                                        owner          GET POST
orders/<str:token>/request/<str:draft>/                            owner          GET POST
orders/<str:token>/request/<str:draft>/check/                      owner          GET POST
cases/<str:number>/                                                owner          GET
cases/<str:number>/slip.pdf                                        owner          GET
^cases/(?P<number>[^/]+)/(?P<step>supply_information|appeal|reopen|ship|cancel)/$  owner  GET POST
cases/<str:number>/accept_offer/                                   owner          GET POST
cases/<str:number>/write/                                          owner          POST
orders/<str:token>/ask/                                            owner          POST
attachments/<uuid:token>/<str:size>                                picture        GET
cases/<str:number>/decline_offer/                                  owner          GET POST
cases/<str:number>/payee/                                          owner          GET POST
evidence/<uuid:token>/<str:size>                                   picture        GET
photos/<uuid:token>/<str:size>                                     picture        GET
survey/<str:token>/                                                anybody        GET POST

desk/                                                              staff          GET
desk/settings/                                                     configure      GET
desk/lifecycle/                                                    look           GET
desk/bulk/run/<str:token>/                                         staff          GET       GET=404
desk/bulk/run/<str:token>/confirm/                                 staff          POST      POST=404
desk/bulk/<slug:name>/                                             look           POST      POST=404
desk/bulk/<slug:name>/<slug:action>/                               pay            GET POST
desk/views/<slug:name>/save/                                       look           GET POST
desk/views/<slug:name>/remove/                                     look           POST      POST=404
desk/views/<slug:name>/columns/                                    look           POST
desk/export/<slug:name>.csv                                        look           GET
desk/export/<slug:name>.xlsx                                       look           GET
desk/imports/                                                      imports        GET
desk/imports/new/                                                  imports        GET POST
desk/imports/<str:token>/                                          imports        GET
desk/imports/<str:token>/columns/                                  imports        GET POST
desk/imports/<str:token>/encoding/                                 imports        POST      POST=404
desk/imports/<str:token>/confirm/                                  imports        POST
desk/imports/<str:token>/drop/                                     imports        POST
desk/imports/<str:token>/refused.csv                               imports        GET
desk/orders/<str:token>/parcels/add/                               parcels        GET POST
desk/orders/<str:token>/entry-link/                                parcels        POST
desk/search/                                                       look           GET
desk/orders/<str:token>/parcels/<str:parcel>/change/               parcels        GET POST
desk/parcels/                                                      parcels        GET
desk/parcels/<str:parcel>/<slug:kind>/                             parcels        GET
desk/parcels/<str:parcel>/<slug:kind>/settle/                      parcels        POST
desk/scorecards/                                                   scores         GET
desk/scorecards/scorecards.csv                                     scores         GET
desk/scorecards/<slug:subject>/<path:name>/                        scores         GET
desk/violations/                                                   scores         GET
desk/violations/<str:token>/                                       scores         GET
desk/violations/<str:token>/confirm/                               decide         POST
desk/violations/<str:token>/waive/                                 decide         POST
desk/claims/                                                       claims         GET
desk/orders/odd/                                                   odd            GET
desk/orders/<str:token>/odd/<slug:kind>/                           odd            POST
desk/orders/                                                       look           GET
desk/orders/<str:token>/                                           look           GET
desk/orders/<str:token>/entry-link/                                review         POST
desk/search/                                                       look           GET
desk/orders/<str:token>/parcels/<str:parcel>/sign/                 sign           GET POST
desk/orders/<str:token>/parcels/<str:parcel>/sign-offs/<int:number>/correct/  sign  GET POST
desk/orders/<str:token>/request/                                   review         GET POST
desk/requests/                                                     review         GET
desk/requests/<str:contact>/                                       review         GET POST
desk/requests/<str:contact>/check/                                 review         GET POST
desk/requests/<str:contact>/discard/                               review         POST
desk/requests/<str:contact>/<str:draft>/                           review         GET POST
desk/cases/                                                        look           GET
desk/cases/next/                                                   review         POST
desk/cases/<str:number>/                                           look           GET
desk/cases/hand-over/                                              review         GET POST
desk/cases/<str:number>/assign/                                    look           GET POST  GET:review POST:review
desk/cases/<str:number>/watch/                                     look           POST
desk/cases/<str:number>/unwatch/                                   look           POST
desk/cases/<str:number>/presence/                                  look           POST
desk/cases/<str:number>/take_back/                                 review         GET POST
desk/cases/<str:number>/take_back_to_bench/                        review         GET POST
desk/notifications/                                                staff          GET
desk/notifications/bell/                                           staff          GET
desk/notifications/read/                                           staff          POST
desk/notifications/<uuid:token>/                                   staff          POST      POST=404
desk/profile/                                                      staff          GET POST
desk/profile/sessions/end/                                         staff          POST
desk/profile/sessions/<uuid:token>/end/                            staff          POST
desk/undo/                                                         staff          POST
desk/keys/                                                         staff          GET
desk/cases/<str:number>/slip.pdf                                   look           GET
desk/cases/<str:number>/take/                                      look           POST      POST:review
desk/cases/<str:number>/hand-back/                                 look           POST      POST:review
desk/cases/<str:number>/request_information/                       review         GET POST
desk/cases/<str:number>/send_to_appraisal/                         review         GET POST
desk/cases/<str:number>/reject/                                    look           GET POST  GET:review POST:review
desk/cases/<str:number>/report_lost/                               review         GET POST
desk/cases/<str:number>/reopen/                                    review         GET POST
desk/cases/<str:number>/supply_information/                        review         GET POST
desk/cases/<str:number>/ship/                                      review         GET POST
desk/cases/<str:number>/appeal/                                    review         GET POST
desk/cases/<str:number>/cancel/                                  review         GET POST
desk/bench/                                                        inspect        GET
desk/cases/<str:number>/evidence/                                  look           GET
desk/bench/scan/                                                   inspect        POST
desk/bench/unknown/                                                inspect        GET POST
desk/bench/unknown/<str:token>/                                    inspect        GET
desk/bench/unknown/<str:token>/attach/                             inspect        POST
desk/bench/unknown-photos/<uuid:token>/<str:size>                  inspect        GET
desk/cases/<str:number>/surplus/<str:token>/                       review         POST
desk/cases/<str:number>/receive/                                   inspect        GET POST
desk/cases/<str:number>/inspect/                                   inspect        GET POST
desk/cases/<str:number>/record_appraisal/                          inspect        GET POST
desk/cases/<str:number>/propose/                                   review         GET POST
desk/cases/<str:number>/offer/                                     review         GET POST
desk/cases/<str:number>/accept_offer/                              review         GET POST
desk/cases/<str:number>/decline_offer/                             review         GET POST
desk/cases/<str:number>/payee/                                     review         GET POST
desk/approvals/                                                    approve        GET
desk/cases/<str:number>/authorise/                                 approve        GET POST
desk/cases/<str:number>/settle/                                    approve        GET POST
desk/cases/<str:number>/send_back/                                 approve        GET POST
desk/cases/<str:number>/send_back_to_bench/                        approve        GET POST
desk/replacements/                                                 replace        GET POST
desk/refunds/                                                      refunds        GET
desk/refunds/<str:token>/                                          refunds        GET
desk/refunds/<str:token>/confirm/                                  pay            POST
desk/refunds/<str:token>/fail/                                     pay            POST
desk/refunds/<str:token>/retry/                                    pay            POST
desk/refunds/<str:token>/payee/                                    pay            POST
desk/refunds/<str:token>/plan_again/                               pay            POST
desk/refunds/reported/<str:report>/same/                           pay            POST
desk/refunds/reported/<str:report>/additional/                     pay            POST
desk/ledger/                                                       books          GET
desk/ledger/<str:number>/<int:voucher>/                            books          GET
desk/messages/                                                     messages       GET
desk/messages/<slug:topic>/<str:number>/<int:seq>/again/           send messages  POST
desk/surveys/                                                      surveys        GET
desk/mails/                                                        review         GET
desk/mails/<slug:name>/handled/                                    review         POST
desk/conversations/                                                review         GET
desk/conversations/<str:token>/                                    review         GET
desk/conversations/<str:token>/write/                              review         POST
desk/conversations/<str:token>/complaint/                          review         POST
desk/conversations/<str:token>/erase/                              erase          GET POST
desk/orders/<str:token>/conversation/                              review         POST
desk/cases/<str:number>/write/                                     look           POST      POST:review
desk/cases/<str:number>/complaint/                                 review         POST

hooks/tracking/<slug:provider>/                                    signed         POST
hooks/mail/<slug:provider>/                                        signed         POST

api/v1/openapi.json                                                anybody        GET
api/v1/                                                            anybody        GET       GET=404
api/v1/quotes                                                      api            POST

demo/filling/                                                      anybody        GET
demo/look/                                                         anybody        GET
demo/look/portal/                                                  anybody        GET
demo/mail/                                                         anybody        GET
demo/mail/<str:key>/html/                                          anybody        GET
demo/mail/<str:key>/answer/                                        anybody        POST      POST=404

accounts/login/                                                    anybody        GET POST
accounts/logout/                                                   anybody        GET POST
accounts/inactive/                                                 anybody        GET
accounts/signup/                                                   anybody        GET POST
accounts/reauthenticate/                                           staff          GET POST
accounts/email/                                                    staff          GET POST
accounts/confirm-email/                                            anybody        GET
accounts/^confirm-email/(?P<key>[-:\\w]+)/$                        anybody        GET POST  POST=404
accounts/password/change/                                          staff          GET POST
accounts/password/set/                                             staff          GET POST
accounts/password/reset/                                           anybody        GET POST
accounts/password/reset/done/                                      anybody        GET
accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$  anybody      GET POST
accounts/password/reset/key/done/                                  anybody        GET
accounts/login/code/confirm/                                       staff          GET POST
accounts/2fa/                                                      staff          GET
accounts/2fa/authenticate/                                         staff          GET POST
accounts/2fa/reauthenticate/                                       staff          GET POST
accounts/2fa/totp/activate/                                        staff          GET POST
accounts/2fa/totp/deactivate/                                      staff          GET POST  GET=404 POST=404
accounts/2fa/recovery-codes/                                       staff          GET       GET=404
accounts/2fa/recovery-codes/generate/                              staff          GET POST
accounts/2fa/recovery-codes/download/                              staff          GET POST  GET=404 POST=404
accounts/2fa/webauthn/                                             staff          GET
accounts/2fa/webauthn/add/                                         staff          GET POST
accounts/2fa/webauthn/reauthenticate/                              staff          GET POST
accounts/2fa/webauthn/keys/<int:pk>/remove/                        staff          GET POST
accounts/2fa/webauthn/keys/<int:pk>/edit/                          staff          GET POST
accounts/2fa/webauthn/login/                                       staff          GET POST
"""  #: those with a page for each earlier version; none is ever put back from there
WITH_VERSIONS = (
    "signoff/shop", "signoff/scorerule", "signoff/deliveryterms", "returns/reason", "refunds/approvaltier",
    "feedback/messagetemplate", "feedback/savedreply", "signoff/team", "signoff/staffprofile",
)  # fmt: skip
BOTH = frozenset({"GET", "HEAD", "POST"})
#: page, the right that reading needs, the right that sending in needs
PAGES_OF_A_MODEL = [
    ("", "view", "view"),
    ("add/", "add", "add"),
    ("<path:object_id>/", "", ""),
    ("<path:object_id>/change/", "view", "change"),
    ("<path:object_id>/delete/", "delete", "delete"),
    ("<path:object_id>/history/", "view", "view"),
]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    address: str
    right: str
    takes: frozenset[str]
    tells: dict[str, str] = field(default_factory=dict)
    asks: dict[str, str] = field(default_factory=dict)


# In Django's admin an administrator configures and looks; cases, money and goods are never changed there.
WINDOWS = (
    "signoff/violation", "refunds/claim", "signoff/signoffphoto", "signoff/rating", "signoff/outgoingwebhook",
    "signoff/customer", "signoff/order", "signoff/parcel", "signoff/signoff",
    "signoff/parcelexception", "signoff/watch", "signoff/trackingmessage",
    "signoff/orderimport", "signoff/savedmapping", "signoff/orderanomaly",
    "returns/case", "returns/logentry", "returns/evidence",
    "inspection/receipt", "inspection/inspection", "inspection/finding", "inspection/appraisal", "inspection/photo",
    "refunds/resolution", "refunds/item", "refunds/approval", "refunds/refund", "refunds/entry",
    "refunds/replacement", "feedback/message", "feedback/survey", "feedback/answer",
    "feedback/thread", "feedback/post", "feedback/inboundmail",
    "returns/contact", "inspection/unknownparcel", "inspection/surplus",
)  # fmt: skip
CONFIGURED = {"view", "add", "change", "delete"}
MODELS = {
    "signoff/shop": CONFIGURED,
    "signoff/scorerule": CONFIGURED,
    "signoff/deliveryterms": CONFIGURED,
    "returns/reason": CONFIGURED,
    "refunds/approvaltier": CONFIGURED,
    "feedback/messagetemplate": {"view", "add", "change"},
    "feedback/savedreply": CONFIGURED,
    "signoff/team": {"view", "add", "change"},
    "signoff/staffprofile": {"view", "add", "change"},
    "auth/group": CONFIGURED,
    "auth/user": {"view", "add", "change"},
    "account/emailaddress": set(),
    "mfa/authenticator": set(),
    "signoff/apitoken": {"view"},
    **{model: {"view"} for model in WINDOWS},
}


ADMIN = """
admin/                                          admin    GET POST
admin/login/                                    staff    GET POST
admin/logout/                                   admin    POST
admin/password_change/                          admin    GET POST
admin/password_change/done/                     admin    GET
admin/autocomplete/                             admin    GET       GET=403
admin/jsi18n/                                   admin    GET
admin/r/<path:content_type_id>/<path:object_id>/ admin   GET POST
admin/auth/user/<id>/password/                  admin    GET POST
admin/^(?P<app_label>auth|mfa|feedback|refunds|inspection|returns|signoff|account)/$  admin  GET POST
admin/(?P<url>.*)$                              admin    GET POST  GET=404 POST=404
"""


def rows() -> dict[str, Row]:
    """The table by address."""
    lines = [*TABLE.strip("\n").splitlines()[1:], *ADMIN.strip("\n").splitlines()]
    return {row.address: row for row in map(_read, filter(str.strip, lines))} | {
        row.address: row for row in _rows_of_models()
    }


def _rows_of_models() -> Iterator[Row]:
    """The pages that the admin makes for each model; what is not granted there is 403."""
    for model, may in MODELS.items():
        for page, reads, writes in PAGES_OF_A_MODEL:
            tells = {"GET": "in" if reads in may | {""} else "403", "POST": "in" if writes in may | {""} else "403"}
            yield Row(f"admin/{model}/{page}", "admin", BOTH, tells)
    for model in WITH_VERSIONS:
        yield Row(f"admin/{model}/^([^/]+)/history/([^/]+)/$", "admin", BOTH)


def _read(line: str) -> Row:
    address, rest = line.partition(" ")[::2]
    right, takes, tells, asks = [], set(), {}, {}
    for word in rest.split():
        if "=" in word:
            method, status = word.split("=")
            tells[method] = status
        elif ":" in word and word[0].isupper():
            method, wanted = word.split(":")
            asks[method] = wanted
        elif word.isupper():
            takes.add(word)
        else:
            right.append(word)
    if "GET" in takes:
        takes.add("HEAD")
    return Row(address, " ".join(right), frozenset(takes), tells, asks)


def expected(row: Row, who: str, method: str) -> str:
    """ "in", "sign in", "find", "admin sign-in" or a status: what ``who`` gets from the page."""
    if method not in ("GET", "HEAD", "POST") or (row.right in ("api", "signed") and method not in row.takes):
        return "405"
    if refused := _at_the_door(row.right, who):
        return refused
    if method not in row.takes:
        return "405"
    return _inside(row, who, method) or row.tells.get(_same(method), "in")


def _at_the_door(right: str, who: str) -> str:
    if right in ("anybody", "picture"):
        return ""
    if right in ("shopper", "owner"):
        return "" if who in SHOPPERS else "find"
    if right == "admin":
        return "" if who == "administrator" else "admin sign-in"
    if right == "signed":
        return "401"
    if right == "api":
        return "" if who == "program" else "401"
    if who not in ROLES:
        return "sign in"
    return "" if right == "staff" or right in ROLES[who] else "403"


def _inside(row: Row, who: str, method: str) -> str:
    if row.right == "owner" and who != "owner":
        return "404"
    if row.right == "picture" and who != "owner" and "look" not in ROLES.get(who, ()):
        return "404"
    asked = row.asks.get(_same(method))
    return "403" if asked and asked not in ROLES[who] else ""


def _same(method: str) -> str:
    return "GET" if method == "HEAD" else method
