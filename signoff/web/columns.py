"""Which columns of a list a page and its export show: ``?columns=number.due`` in the address, else all of them."""

from django.contrib.auth.models import User
from django.http import QueryDict

from signoff.web.desk_lists import Column, DeskList

PARAMETER = "columns"


def columns_of(desk_list: DeskList, user: User, query: QueryDict) -> list[Column]:
    """The chosen columns that ``user`` may see, in the list's order; all of them if none of those is known."""
    columns = desk_list.columns_for(user)
    chosen = set(query.get(PARAMETER, "").split("."))
    return [column for column in columns if column.name in chosen] or columns
