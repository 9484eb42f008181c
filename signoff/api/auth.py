"""Bearer authentication of the API, and the scope of an operation."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from signoff.api.errors import ApiRefused
from signoff.api.models import ApiToken, Scope
from signoff.api.tokens import recognise

REALM = 'Bearer realm="Homeward"'


class ApiRequest(HttpRequest):
    """A request with ``auth``, the token that ``TokenAuth`` accepted."""

    auth: ApiToken


class TokenAuth(HttpBearer):
    """Checks token and scope on every request, so a revoked token fails from the next one on."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiToken:
        token = super().__call__(request)
        if token is None:
            raise ApiRefused(
                401,
                "unauthorized",
                _("Send a valid token: “Authorization: Bearer TOKEN”. Create one with `manage.py create_api_token`."),
                {"WWW-Authenticate": f'{REALM}, error="invalid_token"' if _has_credentials(request) else REALM},
            )
        if self.scope not in token.scopes:
            raise ApiRefused(
                403,
                "forbidden",
                _("This token doesn't have permission for that. Use one created with “--scope %(scope)s”.")
                % {"scope": self.scope.value},
                {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{self.scope.value}"'},
            )
        return token

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        return recognise(token.strip())


def _has_credentials(request: HttpRequest) -> bool:
    return "Authorization" in request.headers
