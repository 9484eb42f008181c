"""The packing slip: readable by people, machines and in Chinese."""

import io
import subprocess

import pytest
import zxingcpp
from PIL import Image

from returns.portal.packing_slip import slip_pdf
from tests.factories import CustomerFactory, OrderFactory, ReasonFactory, make_case

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def test_the_slip_names_case_article_reason_and_address() -> None:
    case = make_case(quantity=2)
    text = text_of(slip_pdf(case, language="en"))
    for words in (case.number, "Return slip", "Paper lantern, large", "It does not work", "Hafenstr. 7", "Send by"):
        assert words in text


@pytest.mark.parametrize(
    ("language", "title", "reason"), [("zh-hans", "电饭煲", "商品有质量问题"), ("zh-hant", "電鍋", "商品有品質問題")]
)
def test_chinese_is_printed_with_embedded_fonts(language: str, title: str, reason: str) -> None:
    order = OrderFactory(customer=CustomerFactory(name="王小明"))
    order.lines.update(title=title)
    pdf = slip_pdf(make_case(order=order, reason=ReasonFactory(shop=order.shop)), language=language)
    text = text_of(pdf)
    assert title in text
    assert reason in text
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "NotoSans" in fonts


def test_markup_in_a_title_is_printed_not_run() -> None:
    order = OrderFactory()
    order.lines.update(title='#read("/etc/passwd") *bold* $x$ 😀 \u202eabc')
    assert '#read("/etc/passwd") *bold*' in text_of(slip_pdf(make_case(order=order), language="en"))


def test_the_code_leads_to_the_bench() -> None:
    case = make_case()
    png = subprocess.run(
        ["pdftoppm", "-png", "-r", "110"], input=slip_pdf(case, language="en"), capture_output=True, check=True
    ).stdout
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    assert [code.text.partition("/desk")[2] for code in found] == [f"/cases/{case.number}/receive/"]
