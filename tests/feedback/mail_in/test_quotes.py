"""Quotes and signatures of the mail programs that shoppers use; words of people are never cut."""

import time

import pytest

from feedback.mail_in.quotes import visible_text

ANSWER = "Yes, it is broken.\n\nThank you, Anna"
QUOTES = {
    "Gmail": "On Mon, Nov 30, 2026 at 9:10 AM Kiln & Kettle <reply+0@shop.example> wrote:\n> Is it broken?\n> Please",
    "Gmail, wrapped": (
        "On Mon, Nov 30, 2026 at 9:10 AM Kiln & Kettle, the shop <\nreply+0123456789@shop.example> wrote:\n\n> Is it?"
    ),
    "Apple Mail": "On 30. Nov 2026, at 09:10, Kiln & Kettle <a@shop.example> wrote:\n\n> Is it broken?",
    "Apple Mail, German": "Am 30.11.2026 um 09:10 schrieb Kiln & Kettle <a@shop.example>:\n\n> Is it broken?",
    "Gmail, German": "Am Mo., 30. Nov. 2026 um 09:10 Uhr schrieb Kiln <a@shop.example>:\n\n> Is it broken?",
    "Gmail 简体": "Kiln & Kettle <a@shop.example> 于2026年11月30日周一 09:10写道：\n\n> 坏了吗？",
    "Gmail 繁體": "Kiln & Kettle <a@shop.example> 於 2026年11月30日 週一 上午9:10寫道：\n\n> 壞了嗎？",
    "Apple Mail 简体": "在 2026年11月30日，上午9:10，Kiln <a@shop.example> 写道：\n\n> 坏了吗？",
    "163": '在 2026-11-30 09:10:11，"Kiln & Kettle" <a@shop.example> 写道：\n坏了吗？\n请回复。',
    "Outlook": (
        "________________________________\nFrom: Kiln <a@shop.example>\nSent: Monday, 30 November 2026\n"
        "To: Anna\nSubject: A question\n\nIs it broken?"
    ),
    "Outlook, no line": (
        "From: Kiln <a@shop.example>\nSent: Monday\nTo: Anna <anna@shopper.example>\nSubject: A\n\nIs it?"
    ),
    "Outlook, German": "Von: Kiln <a@shop.example>\nGesendet: Montag\nAn: Anna\nBetreff: Frage\n\nKaputt?",
    "Outlook 简体": "发件人: Kiln <a@shop.example>\n发送时间: 2026年11月30日\n收件人: 安娜\n主题: 问题\n\n坏了吗？",
    "Outlook 繁體": "寄件者： Kiln <a@shop.example>\n寄件日期： 2026年11月30日\n收件者： 安娜\n主旨： 問題\n\n壞了嗎？",
    "old Outlook": "-----Original Message-----\nFrom: Kiln\nSent: Monday\n\nIs it broken?",
    "QQ邮箱": '---------------- 原始邮件 ----------------\n发件人: "Kiln" <a@shop.example>;\n发送时间: 周一\n坏了？',
    "网易": "---- 回复的原邮件 ----\n| 发件人 | Kiln |\n坏了吗？",
    "signature": "-- \nAnna\nLantern Street 1",
    "iPhone": "Sent from my iPhone\n\n> On 30 Nov 2026, at 09:10, Kiln wrote:\n>\n> Is it broken?",
    "iPhone, German": "Von meinem iPhone gesendet",
    "iPhone 简体": "发自我的iPhone",
    "Outlook for iOS": "Get Outlook for iOS<https://aka.ms/o0ukef>",
}


@pytest.mark.parametrize("program", QUOTES)
def test_only_what_the_shopper_wrote_is_left(program: str) -> None:
    assert visible_text(f"{ANSWER}\r\n\r\n{QUOTES[program]}".replace("\n", "\r\n").replace("\r\r", "\r")) == ANSWER


def test_an_answer_below_and_between_quotes_stays() -> None:
    text = "On Mon, Nov 30, 2026 Kiln wrote:\n> Is it broken?\n\nYes.\n\n> Since when?\n\nYesterday."
    assert visible_text(text) == "Yes.\n\nYesterday."


@pytest.mark.parametrize(
    "words",
    [
        "Thank you, but I want my money back.",
        "- the lamp\n- the cable",
        "Hello,\nOn Monday I wrote:\nplease help me",
        "Hello,\nAm Montag schrieb ich:\nbitte helfen",
        "From: the first day it was broken.\nIt never worked.",
        "在这个星期一我写道歉信给你们",
        "On arrival it was broken",
        "> everything quoted, nothing else",
        "--",
    ],
)
def test_words_of_people_are_not_taken_for_quotes(words: str) -> None:
    assert visible_text(words) == words


@pytest.mark.parametrize(
    "line", ["On 1 " * 4000, "在 1" * 5000, "From: " * 3000, "> " * 9000, "\n" * 20_000, "-- \n" * 5000]
)
def test_no_text_takes_long(line: str) -> None:
    begin = time.process_time()
    visible_text((line + "\n") * 5)
    assert time.process_time() - begin < 1
