"""The forms that decide about a case, and a case in each state that waits for one."""

from dataclasses import dataclass

from returns.models import Case
from tests.factories import UserFactory, make_case
from tests.steps import case_states
from tests.steps.plans import offer_plan, propose_plan


@dataclass(frozen=True)
class Door:
    """A form of the case and the state it leads to: which field is typed in, and what is chosen."""

    step: str
    leads_to: str
    words: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    shopper: bool = False

    def address(self, case: Case) -> str:
        return f"{'' if self.shopper else '/desk'}/cases/{case.number}/{self.step}/"

    def filled(self, drawn: dict[str, str], typed: str) -> dict[str, str]:
        """The form as it was drawn, with what somebody chose and typed; a line's fields bear its prefix."""
        prefix = next((name.removesuffix("words") for name in drawn if name.endswith("-words")), "")
        chosen = {prefix + name: value for name, value in self.choices}
        return drawn | chosen | ({prefix + self.words: typed} if self.words else {})


REVIEW = [
    Door("request_information", "waiting_on_shopper", "question"),
    Door("send_to_appraisal", "in_appraisal", "note"),
    Door("reject", "rejected", "words"),
    Door("cancel", "cancelled", "reason"),
    Door("cancel", "cancelled", "reason", shopper=True),
    Door("propose", "awaiting_approval", "note"),
    Door("offer", "offered", "words"),
]
ANSWERS = [
    Door("accept_offer", "awaiting_approval"),
    Door("decline_offer", "submitted", "words"),
    Door("accept_offer", "awaiting_approval", shopper=True),
    Door("decline_offer", "submitted", "words", shopper=True),
    Door("cancel", "cancelled", "reason", shopper=True),
]
APPROVAL = [
    Door("authorise", "settling", "words", (("answer", "approve"),)),
    Door("authorise", "submitted", "words", (("answer", "send_back"),)),
    Door("authorise", "rejected", "words", (("answer", "reject"),)),
    Door("cancel", "cancelled", "reason"),
]
VERDICT = [Door("inspect", "inspected", "words", (("verdict", "as_claimed"), ("disposition", "scrap")))]
ARRIVAL = [Door("receive", "received", "remarks"), Door("report_lost", "submitted", "note")]


def submitted() -> Case:
    return make_case()


def with_a_plan() -> Case:
    return propose_plan(make_case(), goods_come_back=False)


def with_an_offer() -> Case:
    return offer_plan(make_case(), goods_come_back=False)


def in_transit() -> Case:
    case = propose_plan(make_case(), goods_come_back=True)
    case_states.approve(case, {"manager": UserFactory(role="manager")})
    case_states.send(case, {})
    return Case.objects.get(pk=case.pk)


def received() -> Case:
    case = in_transit()
    case_states.arrive(case, {"inspector": UserFactory(role="inspector")})
    return Case.objects.get(pk=case.pk)


#: how a case comes to wait for a decision, and by which forms it is decided
WAITING = [
    (submitted, REVIEW),
    (with_a_plan, APPROVAL),
    (received, VERDICT),
    (with_an_offer, ANSWERS),
    (in_transit, ARRIVAL),
]
