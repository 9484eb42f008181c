"""Account adapter of allauth: staff sign in, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffOnlyAdapter(DefaultAccountAdapter):
    """Closes the sign-up page that the library offers by default."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
