"""The encoding of a file: named on the preview, chosen by a person where it is not certain."""

import pytest
from django.test import Client

from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.jobs import actions as jobs
from signoff.models import Order, OrderImport
from tests.datafiles import needed
from tests.factories import UserFactory, uploads
from tests.factories.uploads import generic_csv, generic_row

pytestmark = pytest.mark.django_db
KOREAN = generic_csv(generic_row(sku="머그컵")).decode().encode("cp949")


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="manager"))
    return client


def page(sent: OrderImport) -> str:
    return f"/desk/imports/{sent.token}/"


def test_a_guess_that_is_clear_is_named_and_others_are_offered_with_a_sample(desk: Client) -> None:
    sent = uploads.upload_files(needed("faults/big5.csv").read_bytes())
    columns = {
        "number": "訂單編號", "article": "商品編號", "title": "商品名稱", "quantity": "數量", "price": "單價",
        "placed": "下單時間",
    }  # fmt: skip
    jobs.choose_mapping(sent, mapping=uploads.ColumnMapping(columns, currency="TWD"))
    response = desk.get(page(sent))
    offered = response.context["encodings"]
    assert (response.context["written"], offered["current"], offered["undecided"]) == ("Big5", "big5hkscs", False)
    samples = {choice["name"]: choice["sample"] for choice in offered["choices"]}
    assert "青瓷馬克杯" in samples["Big5"]
    assert "青瓷馬克杯" not in samples["GB 18030"]
    assert [row["order"].items[0].title for row in response.context["orders"]] == ["青瓷馬克杯", "防潑水後背包"]


def test_nothing_is_stored_before_an_uncertain_encoding_is_chosen(desk: Client) -> None:
    sent = uploads.upload_files(KOREAN)
    response = desk.get(page(sent))
    assert response.context["encodings"]["undecided"]
    assert "Which sample reads correctly?" in response.text
    assert "Import these orders" not in response.text
    assert desk.get(f"{page(sent)}columns/").url == page(sent)
    with pytest.raises(UnreadableFile, match="Compare the samples and choose"):
        jobs.confirm(sent, by=sent.sent_by)
    assert desk.post(f"{page(sent)}encoding/", {"encoding": "cp949"}).url == page(sent)
    assert desk.get(page(sent)).url == f"{page(sent)}columns/"
    jobs.confirm(jobs.choose_mapping(sent, mapping=uploads.RECIPE), by=sent.sent_by)
    uploads.run_waiting()
    assert [line.sku for line in Order.objects.get().lines.all()] == ["머그컵"]


def test_a_job_that_is_run_without_a_choice_fails_with_a_sentence(desk: Client) -> None:
    sent = uploads.upload_files(KOREAN)
    jobs.choose_mapping(sent, mapping=uploads.RECIPE)
    OrderImport.objects.filter(pk=sent.pk).update(state=OrderImport.State.WAITING)
    uploads.run_waiting()
    done = uploads.reload_import(sent)
    assert (done.state, Order.objects.count()) == (OrderImport.State.FAILED, 0)
    assert "choose the one that reads correctly" in done.problem


def test_an_encoding_that_is_not_offered_is_not_taken(desk: Client) -> None:
    sent = uploads.upload_files(KOREAN)
    assert desk.post(f"{page(sent)}encoding/", {"encoding": "rot13"}).status_code == 404
    assert uploads.reload_import(sent).encoding == ""


def test_a_file_in_utf8_is_named_and_offers_nothing_else(desk: Client) -> None:
    sent = uploads.upload_files(generic_csv(generic_row(sku="杯")))
    jobs.choose_mapping(sent, mapping=uploads.RECIPE)
    response = desk.get(page(sent))
    assert (response.context["written"], response.context["encodings"]) == ("UTF-8", {})


def test_lines_in_another_encoding_are_told_and_the_rest_is_imported(desk: Client) -> None:
    content = generic_csv(generic_row("L-1", sku="Größe"), generic_row("L-2", sku="Tür"))
    sent = uploads.upload_files(content + generic_row("L-3", sku="Jürgen").encode("cp1252") + b"\n")
    jobs.choose_mapping(sent, mapping=uploads.RECIPE)
    preview = desk.get(page(sent)).context["preview"]
    assert ([row.row.line for row in preview.problems], preview.order_count) == ([4], 2)
    done = jobs.confirm(sent, by=sent.sent_by)
    uploads.run_waiting()
    assert (uploads.reload_import(done).outcome["refused"], Order.objects.count()) == (1, 2)
