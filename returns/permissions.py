"""Names of the permissions on cases: view, review, approve, inspect."""

from django.contrib.auth.models import AnonymousUser, User

VIEW = "returns.view_case"
REVIEW = "returns.review_case"
APPROVE = "returns.approve_case"
INSPECT = "returns.inspect_case"


def may_see_cases(user: User | AnonymousUser) -> bool:
    """Whether a member of staff may see the cases; a case is visible to all of them or to none."""
    return user.has_perm(VIEW)
