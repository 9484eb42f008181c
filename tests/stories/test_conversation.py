"""The shopper asks, the agent answers from the keyboard, the shopper replies by mail with a picture."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from feedback.models import Post
from returns.models import Case
from tests.factories import SavedReplyFactory
from tests.figures import Figure, record
from tests.steps import shopper_pages
from tests.steps.browser_users import People, make_lantern_order, make_staff, photo
from tests.steps.case_states import reload_case
from tests.steps.keys import Keys
from tests.steps.mail_replies import SECRET, Letter, from_outbox, hand_on, reply
from tests.steps.wording import Wording
from tests.stories.product import Product, run_product

ASKED = {"en": "Does it burn at 230 V?", "zh-Hans": "这盏灯能用 230 伏吗？", "zh-Hant": "這盞燈能用 230 伏嗎？"}
ANSWERED = {"en": "Here is the plate.", "zh-Hans": "这是铭牌的照片。", "zh-Hant": "這是銘牌的照片。"}
SAVED = {
    "en": "Could you photograph the plate, Anna?",
    "zh-Hans": "Anna，请拍一下铭牌。",
    "zh-Hant": "Anna，請拍一下銘牌。",
}


@dataclass
class Talk:
    """Shopper and agent of one case in one language.

    ``wait_for_bell`` returns once the agent is notified, ``wait_for_letter`` the mail to the shopper that says this.
    """

    people: People
    case: Case
    say: Wording
    keys: Keys
    wait_for_bell: Callable[[], None]
    wait_for_letter: Callable[[str], Letter]

    @property
    def page(self) -> Page:
        """The agent's."""
        return self.keys.page

    def words(self, said: dict[str, str]) -> str:
        return said[self.say.locale]


@pytest.mark.parametrize(("locale", "device"), [("en", "desktop"), ("zh-Hans", "phone"), ("zh-Hant", "desktop")])
def test_a_question_is_answered_by_keys_and_replied_to_by_mail(
    people: People, run_jobs: Callable[[], None], settings: Any, tmp_path: Path, locale: str, device: str
) -> None:
    settings.REPLY_DOMAIN, settings.MAIL_HOOKS = "reply.shop.example", {"standard": [SECRET]}
    settings.MFA_REQUIRED = True
    make_replies()
    people.page("shopper", device=device, locale=locale)
    case = people.case(language=locale.lower())
    agent = people.sign_in("agent", locale=locale)

    def letter(words: str) -> Letter:
        run_jobs()
        found = from_outbox(people.order)
        assert words in found.text
        return found

    talk_about(Talk(people, case, Wording(locale), Keys(agent), run_jobs, letter), photo(tmp_path, "plate.jpg"))


@pytest.fixture
def product(transactional_db: None, tmp_path: Path) -> Iterator[Product]:
    with run_product(tmp_path, MAIL_HOOK_SECRETS=SECRET, REPLY_DOMAIN="reply.shop.example") as running:
        yield running


@pytest.mark.slow
def test_the_same_with_the_products_own_processes(
    product: Product, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    """Web, worker, scheduler and broker as installed, mails by SMTP; the shopper comes in by the code of a mail."""
    make_replies()
    people = People(lambda **options: new_page(url=product.url, **options), product.url, make_lantern_order())
    people.staff = {name: product.keep_password(user) for name, user in make_staff().items()}
    shopper_pages.find_order(people.shopper, people.order, code=product.newest_code)
    number = ask_for_a_refund(people)
    case = Case.objects.get(number=number)
    agent = people.sign_in("agent")
    talk = Talk(
        people, case, Wording("en"), Keys(agent), product.wait_for_bell, lambda words: product.letter(people, words)
    )
    talk_about(talk, photo(tmp_path, "plate.jpg"))


def ask_for_a_refund(people: People) -> str:
    page = people.shopper
    shopper_pages.pick(page, "Paper lantern, large", quantity=1)
    shopper_pages.describe(page, reason="It does not work", wish="Refund", words="It stays dark.")
    return shopper_pages.send(page)


def make_replies() -> None:
    SavedReplyFactory(key="first", text_en="Not this one.")
    SavedReplyFactory(
        key="plate", text_en=SAVED["en"], text_zh_hans=SAVED["zh-Hans"], text_zh_hant=SAVED["zh-Hant"], position=9
    )


def talk_about(talk: Talk, picture: Path) -> None:
    take_by_keys(talk)
    shopper_asks(talk)
    talk.wait_for_bell()
    answer_by_keys(talk)
    shopper_replies_by_mail(talk, picture)
    talk.wait_for_bell()
    agent_sees_it(talk)
    shopper_sees_it(talk)


def take_by_keys(talk: Talk) -> None:
    """From the queue by J, Enter, T."""
    talk.keys.go("g", "q")
    talk.keys.press("j")
    talk.keys.go("Enter")
    shopper_pages.heading(talk.page, talk.case.number)
    talk.keys.go("t")
    owner = reload_case(talk.case).owner
    assert owner == talk.people.staff["agent"]


def shopper_asks(talk: Talk) -> None:
    page, say = talk.people.shopper, talk.say
    page.goto(f"/cases/{talk.case.number}/")
    page.get_by_label(say("Write to us")).fill(talk.words(ASKED))
    page.get_by_role("button", name=say("Send", context="message"), exact=True).click()
    expect(page.locator(".post-mine")).to_contain_text(talk.words(ASKED))
    expect(page.get_by_role("status").first).to_contain_text(
        say("Your message has been sent. We'll answer here and by e-mail.")
    )


def answer_by_keys(talk: Talk) -> None:
    """The bell rings, the list shows who waits; bell, row, saved reply by its key, send."""
    page = talk.page
    page.goto("/desk/conversations/")
    expect(page.locator("tr", has_text=talk.case.number)).to_contain_text(talk.words(ASKED))
    expect(bell(page)).to_have_text("1")
    keys = Keys(page)
    keys.go("g", "b")
    keys.press("j")
    keys.go("Enter")
    expect(page.locator(".post-shopper").last).to_contain_text(talk.words(ASKED))
    keys.press("r")
    keys.type("plate")
    keys.go("Enter")
    expect(page.locator("#composer-words")).to_have_value(talk.words(SAVED))
    keys.press("m")
    keys.go("Control+Enter")
    expect(page.locator(".post-staff")).to_contain_text(talk.words(SAVED))
    expect(bell(page)).to_have_count(0)
    name = f"Answer a message ({talk.say.locale})"
    assert record(Figure("Stories", name, len(keys.pressed), "keys", "≤ 8", "bell to sent")).met, keys.pressed


def bell(page: Page) -> Locator:
    return page.locator(".bell-count")


def shopper_replies_by_mail(talk: Talk, picture: Path) -> None:
    letter = talk.wait_for_letter(talk.words(SAVED))
    assert letter.reply_to.endswith("@reply.shop.example")
    email = talk.people.order.customer.email
    raw = reply(letter, talk.words(ANSWERED), sender=email, locale=talk.say.locale, picture=picture)
    hand_on(raw, url=talk.people.url)


def agent_sees_it(talk: Talk) -> None:
    """The words without the quote, and the picture, in the thread; the bell has rung again."""
    page = talk.page
    page.goto("/desk/conversations/")  # the page of the case would say that it is read
    expect(bell(page)).to_have_text("1")
    talk.keys.go("g", "b")
    talk.keys.press("j")
    talk.keys.go("Enter")
    post = page.locator(".post-shopper").last
    expect(post).to_contain_text(talk.words(ANSWERED))
    expect(post).not_to_contain_text(talk.words(SAVED))
    expect(post).to_contain_text(talk.say("by e-mail"))
    expect_picture(post)
    assert Post.objects.latest("pk").words == talk.words(ANSWERED)


def expect_picture(post: Locator) -> None:
    image = post.locator(".bubble-files img")
    expect(image).to_have_count(1)
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", value=True)
    assert image.evaluate("image => image.naturalWidth") > 0


def shopper_sees_it(talk: Talk) -> None:
    page = talk.people.shopper
    page.goto(f"/cases/{talk.case.number}/")
    expect(page.locator(".post-theirs")).to_contain_text(talk.words(SAVED))
    expect_picture(page.locator(".post-mine").last)
    expect(page.locator(".post-mine").last).to_contain_text(talk.words(ANSWERED))
