"""Work on the demo's open cases by several people: taken, assigned with a word why, watched, a holiday."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from returns.models import Case
from returns.permissions import REVIEW
from returns.review.assignment import assign, take
from returns.teamwork.actions import watch
from signoff.models import Team
from signoff.saved_views.actions import save_view
from signoff.staff.actions import be_away

#: username or team → what the colleague writes; each gets one of the cases that are due first
ASSIGNED = (
    ("agent", "You spoke with them last time. They prefer the telephone."),
    ("Harbour Lane", "Whoever knows the glaze of this series, please look at the photos."),
    ("归雁售后组", "买家写的是中文，请会中文的同事处理。"),
    ("agent", "照片里的型号和订单不一样，请再核对一次。"),
    ("agent2", "Same parcel as the case above, please keep them together."),
)
#: list, username, team or "", name and address of saved views
VIEWS = (
    ("cases", "agent", "", "Overdue, mine", "overdue=true&owner=me&tab=open"),
    ("cases", "agent", "归雁售后组", "归雁：待审核，金额从高到低", "shop=guiyan&sort=-value&tab=decide"),
    ("cases", "agent2", "Harbour Lane", "Kiln & Kettle, unassigned", "owner=none&shop=kiln-and-kettle&tab=open"),
    ("refunds", "finance", "", "At the bank, largest first", "sort=-amount&tab=bank"),
)
TAKEN = 4  # by the first agent, of those that are due next


def share_work(staff: Mapping[str, User], *, today: datetime) -> None:
    """Assign and take cases that wait for a review, the earliest due first; the second manager has a holiday.

    Saved views are theirs and their teams'.
    """
    free = list(Case.objects.waiting_for(REVIEW).filter(owner=None, team=None)[: len(ASSIGNED) + TAKEN])
    teams = {team.name: team for team in Team.objects.all()}
    for case, (name, words) in zip(free, ASSIGNED, strict=False):
        to = teams.get(name) or staff[name]
        assign(case, to=to, by=staff["agent2" if name == "agent" else "agent"], words=words, now=today)
    for case in free[len(ASSIGNED) :]:
        take(case, by=staff["agent"], now=today)
    for case in free[:2]:
        watch(case, by=staff["manager"], now=today)
    for desk_list, username, team, name, query in VIEWS:
        save_view(desk_list, name=name, query=query, by=staff[username], team=teams.get(team))
    first = today.date() + timedelta(days=7)
    be_away(
        staff["manager2"], first=first, last=first + timedelta(days=6), stand_in=staff["manager"], by=staff["manager2"]
    )
