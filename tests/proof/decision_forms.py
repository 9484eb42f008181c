"""The forms that decide about a case, and a case in each state that waits for one."""

from dataclasses import dataclass

from returns.models import Case
from tests.factories import UserFactory, make_case
from tests.steps import case_states
from tests.steps.plans import offer_plan, propose_plan


@dataclass(frozen=True)
class DecisionForm:
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
    DecisionForm("request_information", "waiting_on_shopper", "question"),
    DecisionForm("send_to_appraisal", "in_appraisal", "note"),
    DecisionForm("reject", "rejected", "words"),
    DecisionForm("cancel", "cancelled", "reason"),
    DecisionForm("cancel", "cancelled", "reason", shopper=True),
    DecisionForm("propose", "awaiting_approval", "note"),
    DecisionForm("offer", "awaiting_approval", "words"),
]
ANSWERS = [
    DecisionForm("accept_offer", "settling"),
    DecisionForm("decline_offer", "submitted", "words"),
    DecisionForm("accept_offer", "settling", shopper=True),
    DecisionForm("decline_offer", "submitted", "words", shopper=True),
    DecisionForm("cancel", "cancelled", "reason", shopper=True),
]
APPROVAL = [
    DecisionForm("authorise", "settling", "words", (("answer", "approve"),)),
    DecisionForm("authorise", "submitted", "words", (("answer", "send_back"),)),
    DecisionForm("authorise", "rejected", "words", (("answer", "reject"),)),
    DecisionForm("cancel", "cancelled", "reason"),
]
VERDICT = [DecisionForm("inspect", "inspected", "words", (("verdict", "as_claimed"), ("disposition", "scrap")))]
ARRIVAL = [DecisionForm("receive", "received", "remarks"), DecisionForm("report_lost", "submitted", "note")]


def submitted() -> Case:
    return make_case()


def with_a_plan() -> Case:
    return propose_plan(make_case(), goods_come_back=False)


def with_an_offer() -> Case:
    return offer_plan(make_case(), goods_come_back=False)


def authorised() -> Case:
    case = propose_plan(make_case(), goods_come_back=True)
    case_states.approve(case, {"manager": UserFactory(role="manager")})
    return Case.objects.get(pk=case.pk)


def in_transit() -> Case:
    case = authorised()
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
