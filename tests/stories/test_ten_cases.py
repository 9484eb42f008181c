"""An agent clears ten cases without the mouse; the keys of each are counted."""

from collections import Counter
from dataclasses import dataclass, field

from playwright.sync_api import expect

from feedback.models import Post
from returns.models import Case
from tests.factories import OrderFactory, SavedReplyFactory, make_case
from tests.figures import Figure, record
from tests.steps.browser_users import People
from tests.steps.keys import Keys

S = Case.Status
#: what an agent does with the ten, in this order
WORK = ["plan"] * 4 + ["ask"] * 2 + ["answer and plan"] * 2 + ["note and ask"] + ["reject"]
#: keys beside the words that are typed, at most
BOUNDS = {"plan": 2, "ask": 2, "answer and plan": 6, "note and ask": 4, "reject": 40}


@dataclass
class Desk:
    """The agent at the keyboard, and how many keys each kind of work took."""

    keys: Keys
    counted: dict[str, list[int]] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The case of the page."""
        return self.keys.page.locator("h1").inner_text().split()[0]

    def work(self, what: str) -> None:
        before = len(self.keys.pressed)
        KINDS[what](self.keys)
        self.counted.setdefault(what, []).append(len(self.keys.pressed) - before)


def test_ten_cases_are_cleared_without_the_mouse(people: People) -> None:
    SavedReplyFactory(key="late", text_en="Sorry, it is on its way.", position=5)
    for _ in range(10):
        make_case(order=OrderFactory(shop=people.order.shop))
    desk = Desk(Keys(people.agent))
    desk.keys.page.goto("/desk/conversations/")
    desk.keys.go("g", "q")
    desk.keys.go("n")
    done: list[str] = []
    for what in WORK:
        assert desk.number not in done, "it goes on to a case of its own each time"
        done.append(desk.number)
        desk.work(what)
    expect(desk.keys.page.get_by_role("status").last).to_contain_text("Nothing else in this queue is waiting for you.")
    assert Counter(Case.objects.values_list("status", flat=True)) == {
        S.AWAITING_APPROVAL: 6, S.WAITING_ON_SHOPPER: 3, S.REJECTED: 1
    }  # fmt: skip
    assert sorted(Post.objects.values_list("words", flat=True)) == ["Look twice."] + ["Sorry, it is on its way."] * 2
    figures = [
        record(Figure("Stories", f"Keys for: {what}", max(counts), "keys", f"≤ {BOUNDS[what]}", "words not counted"))
        for what, counts in desk.counted.items()
    ]
    assert all(figure.met for figure in figures), desk.counted


def plan(keys: Keys) -> None:
    """Propose what is suggested, and go on."""
    keys.go("p")
    keys.go("n")


def ask(keys: Keys) -> None:
    """The field has the focus; with Shift it goes on."""
    keys.go("a")
    keys.type("Which of the lanterns is it?")
    keys.go("Control+Shift+Enter")


def answer_and_plan(keys: Keys) -> None:
    keys.press("r")
    keys.type("late")
    keys.go("Enter")
    keys.press("m")
    keys.go("Control+Enter")
    plan(keys)


def note_and_ask(keys: Keys) -> None:
    keys.press("i")
    keys.type("Look twice.")
    keys.go("Control+Enter")
    ask(keys)


def reject(keys: Keys) -> None:
    """No key of its own, so that nobody rejects by a slip of the finger."""
    keys.tab_to("Reject")
    keys.go("Enter")
    keys.type("It was used outdoors.")
    keys.go("Control+Shift+Enter")


KINDS = {
    "plan": plan,
    "ask": ask,
    "answer and plan": answer_and_plan,
    "note and ask": note_and_ask,
    "reject": reject,
}
