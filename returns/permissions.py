"""The rights of the case, as permissions are named: who sees, judges, approves, looks at the goods."""

from django.contrib.auth.models import AnonymousUser, User

VIEW = "returns.view_case"
REVIEW = "returns.review_case"
APPROVE = "returns.approve_case"
INSPECT = "returns.inspect_case"


def may_see_cases(user: User | AnonymousUser) -> bool:
    """Whether a member of staff may see the cases; there are none that only some may."""
    return user.has_perm(VIEW)
