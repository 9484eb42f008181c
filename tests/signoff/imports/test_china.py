"""Taobao, JD and Douyin: their columns, their encodings, their ways to keep a long number from a spreadsheet."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from signoff.imports.files.rejected import RejectedRow
from signoff.imports.orders.parsed import SentParcel, SoldDiscount, SoldPayment, SoldShipping
from tests.datafiles import data_file
from tests.steps.read_files import csv_file, header_of, order_total, read, text_of, xlsx_file

TAOBAO = SAMPLE = data_file("formats/taobao/ExportOrderList_sample_CONSTRUCTED_gbk.csv")
JD = data_file("formats/jd/order_export_header.csv")
DOUYIN = data_file("formats/douyin/order_export_header.csv")
BOUGHT = {
    "订单编号": '="2839471029384756199"', "买家会员名": "买家", "买家应付货款": "100.00", "买家应付邮费": "8.00",
    "总金额": "108.00", "买家实际支付金额": "100.00", "订单状态": "卖家已发货", "收货人姓名": "王某",
    "收货地址": "上海 上海市 徐汇区 测试路2号(200030)", "订单创建时间": "2024-03-01 10:00:00",
    "订单付款时间": "2024-03-01 10:01:00", "宝贝标题": "杯子", "宝贝总数量": "3",
}  # fmt: skip
JD_FIRST = {
    "订单号": "56770484722", "商品ID": "100012043978", "商品名称": "电饭煲", "订购数量": "1", "支付方式": "在线支付",
    "下单时间": "2024-03-01 10:00:00", "京东价": "300.00", "订单金额": "500.00", "结算金额": "480.00",
    "余额支付": "20.00", "订单状态": "完成", "下单帐号": "jd_abc", "客户姓名": "李某",
    "客户地址": "北京朝阳区某街1号", "联系电话": "1******6198", "付款确认时间": "2024-03-01 10:02:00",
}  # fmt: skip
JD_SECOND = JD_FIRST | {"商品ID": "100012043979", "商品名称": "锅铲", "订购数量": "2", "京东价": "100.00"}
SUB = {
    "主订单编号": "\t6921234567890123456", "子订单编号": "\t6921234567890123456", "选购商品": "保温杯",
    "商品规格": "红色", "商品数量": "2", "商家编码": "CUP-R", "订单应付金额": "95.00", "运费": "5.00", "收件人": "赵某",
    "收件人手机号": "\t13800000000", "详细地址": "浙江省 杭州市 余杭区某路", "订单提交时间": "2024-03-01 10:00:00\t",
    "订单状态": "已完成", "发货时间": "2024-03-02 09:00:00", "平台实际承担优惠金额": "6.00",
    "商家实际承担优惠金额": "4.00",
}  # fmt: skip
OTHER_SUB = SUB | {
    "子订单编号": "\t6921234567890123457", "选购商品": "杯套", "商品规格": "", "商家编码": "", "商品数量": "1",
    "订单应付金额": "10.00", "运费": "0", "平台实际承担优惠金额": "", "商家实际承担优惠金额": "",
    "发货时间": "2024-03-03 09:00:00",
}  # fmt: skip


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    """A file with a real header and these rows."""
    return lambda header, *rows: csv_file(tmp_path / "orders.csv", header_of(header), rows)


def test_the_taobao_sample_is_two_orders() -> None:
    (paid, closed), refused = read(SAMPLE)
    assert refused == []
    assert (paid.number, paid.placed_at) == ("2839471029384756101", datetime(2024, 3, 1, 2, tzinfo=UTC))
    (item,) = paid.items
    assert (item.title, item.quantity, item.unit_price, item.list_total) == (
        "保温杯 500ml，红色", 2, Decimal(64), Decimal(128),
    )  # fmt: skip
    assert paid.discounts == (SoldDiscount("优惠", Decimal("7.50")),)
    assert paid.payments == (SoldPayment("支付宝", "", Decimal("120.50")),)
    assert paid.parcels == (SentParcel("圆通速递", "YT0000000000001"),)
    assert paid.buyer
    assert paid.buyer.address
    assert (paid.buyer.phone, paid.buyer.address.city, paid.buyer.address.postcode) == ("13800000000", "杭州市", "")
    assert (closed.number, closed.paid, closed.cancelled) == ("2839471029384756102", False, True)
    assert closed.items[0].title == '陶瓷碗"家用"套装'
    assert (closed.items[0].unit_price, closed.items[0].list_total) == (Decimal("19.967"), Decimal("59.90"))
    assert [order_total(order) for order in (paid, closed)] == [Decimal("120.50"), Decimal("69.90")]
    assert [order.total for order in (paid, closed)] == [Decimal("120.50"), Decimal("69.90")]


def test_four_encodings_and_a_spreadsheet_give_the_same_orders(tmp_path: Path) -> None:
    header = header_of(TAOBAO)
    rows = [BOUGHT, BOUGHT | {"订单编号": "\t2839471029384756200", "收货人姓名": "张某", "宝贝标题": "“好”—…"}]
    text = text_of(header, rows)
    results = []
    for encoding in ("gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        results.append(read(path))
    assert results[0][1] == []
    assert len(results[0][0]) == 2
    assert all(result == results[0] for result in results)
    packed = xlsx_file(tmp_path / "x.xlsx", [header, *([row.get(name, "") for name in header] for row in rows)])
    assert [(o.number, o.placed_at, o.buyer, o.total) for o in read(packed)[0]] == [
        (o.number, o.placed_at, o.buyer, o.total) for o in results[0][0]
    ]


def test_rare_hanzi_and_emoji_need_gb18030(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "o.csv", header_of(TAOBAO), [BOUGHT | {"收货人姓名": "𠮷野😀"}], encoding="gb18030")
    assert [order.buyer.name for order in read(path)[0] if order.buyer] == ["𠮷野😀"]


def test_thousands_and_full_width_digits_are_read(sheet: Callable[..., Path]) -> None:
    cells = {
        "买家应付货款": "１，２００．００",
        "买家应付邮费": "",
        "总金额": "1,200",
        "买家实际支付金额": "￥1,200.00",
    }
    (order,), refused = read(sheet(TAOBAO, BOUGHT | cells))
    assert (refused, order.total, order.items[0].list_total) == ([], Decimal(1200), Decimal(1200))


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("订单编号", "2.83947E+18"),
        ("订单编号", ""),
        ("宝贝总数量", "0"),
        ("宝贝总数量", "-3"),
        ("宝贝总数量", "三"),
        ("买家应付货款", "一百"),
        ("买家应付货款", "12,34"),
        ("总金额", "-1"),
        ("订单创建时间", "2024-02-30 10:00:00"),
        ("订单付款时间", "昨天"),
    ],
)
def test_a_wrong_cell_of_taobao_is_told_with_line_and_column(
    sheet: Callable[..., Path], column: str, text: str
) -> None:
    orders, (refused,) = read(sheet(TAOBAO, BOUGHT | {"订单编号": "1"}, BOUGHT | {column: text}))
    assert (len(orders), refused.row.line, refused.column) == (1, 3, column)


def test_the_same_taobao_order_twice_is_refused(sheet: Callable[..., Path]) -> None:
    orders, (refused,) = read(sheet(TAOBAO, BOUGHT, BOUGHT | {"订单编号": "2839471029384756199\t"}))
    assert (len(orders), refused.column) == (1, "订单编号")
    assert "line 2" in refused.sentence


def test_the_total_of_a_jd_order_is_taken_once(sheet: Callable[..., Path]) -> None:
    (order,), refused = read(sheet(JD, JD_FIRST, JD_SECOND))
    assert refused == []
    assert (order.number, order.total, order_total(order)) == ("56770484722", Decimal(500), Decimal(500))
    assert [(item.sku, item.quantity, item.unit_price) for item in order.items] == [
        ("100012043978", 1, Decimal(300)), ("100012043979", 2, Decimal(100)),
    ]  # fmt: skip
    assert order.payments == (
        SoldPayment("在线支付", "", Decimal(480)), SoldPayment("余额", "", Decimal(20)),
    )  # fmt: skip
    assert order.buyer
    assert (order.buyer.external_id, order.buyer.phone) == ("jd_abc", "1******6198")


@pytest.mark.parametrize(
    ("cells", "total", "discount", "freight"),
    [
        ({"订单金额": "470.00"}, 470, 30, 0),
        ({"运费金额": "10.00"}, 510, 0, 10),
        ({"运费金额": "10.00", "订单金额": "510.00"}, 510, 0, 10),
        ({"运费金额": "10.00", "订单金额": "490.00"}, 490, 20, 10),
    ],
)
def test_freight_and_discount_of_a_jd_order_add_up(
    sheet: Callable[..., Path], cells: dict[str, str], total: int, discount: int, freight: int
) -> None:
    (order,), _ = read(sheet(JD, JD_FIRST | cells, JD_SECOND | cells))
    assert (order.total, order_total(order)) == (total, total)
    assert sum(one.amount for one in order.discounts) == discount
    assert sum(one.amount for one in order.shipping) == freight


def test_rows_of_a_jd_order_need_not_stand_together(sheet: Callable[..., Path]) -> None:
    result = JD_FIRST | {"订单号": "56770484723", "订单金额": "300.00"}
    orders, refused = read(sheet(JD, JD_FIRST, result, JD_SECOND))
    assert refused == []
    assert {order.number: len(order.items) for order in orders} == {"56770484722": 2, "56770484723": 1}


def test_rows_of_a_jd_order_that_contradict_each_other_are_refused(sheet: Callable[..., Path]) -> None:
    orders, refused = read(sheet(JD, JD_FIRST, JD_SECOND | {"订单金额": "501.00"}))
    assert (orders, [(one.row.line, one.column) for one in refused]) == ([], [(3, "订单金额"), (2, "订单号")])


def test_a_jd_order_that_waits_for_its_money_is_not_paid(sheet: Callable[..., Path]) -> None:
    (order,), _ = read(sheet(JD, JD_FIRST | {"付款确认时间": "", "订单状态": "等待付款", "订单金额": "300"}))
    assert (order.paid, order.payments) == (False, ())


def test_a_douyin_order_is_its_sub_orders(sheet: Callable[..., Path]) -> None:
    (order,), refused = read(sheet(DOUYIN, SUB, OTHER_SUB))
    assert refused == []
    assert (order.number, order.total, order_total(order)) == ("6921234567890123456", Decimal(105), Decimal(105))
    assert [(i.external_id, i.sku, i.title, i.quantity, i.unit_price, i.discount) for i in order.items] == [
        ("6921234567890123456", "CUP-R", "保温杯 红色", 2, Decimal(50), Decimal(10)),
        ("6921234567890123457", "", "杯套", 1, Decimal(10), Decimal(0)),
    ]
    assert order.shipping == (SoldShipping("", Decimal(5)),)
    assert order.discounts == (
        SoldDiscount("平台优惠", Decimal(6), (0,), in_items=True),
        SoldDiscount("商家优惠", Decimal(4), (0,), in_items=True),
    )
    assert [parcel.items for parcel in order.parcels] == [((0, 2),), ((1, 1),)]
    assert order.buyer
    assert order.buyer.phone == "13800000000"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("子订单编号", "\t6921234567890123456"),
        ("运费", "10.01"),
        ("商品数量", "0"),
        ("发货时间", "2024-02-28 09:00:00"),
        ("主订单编号", "6.92E+18"),
    ],
)
def test_a_wrong_cell_of_douyin_is_told(sheet: Callable[..., Path], column: str, text: str) -> None:
    orders, refused = read(sheet(DOUYIN, SUB, OTHER_SUB | {column: text}))
    assert (3, column) in [(one.row.line, one.column) for one in refused]
    assert len(orders) + len({one.row.line for one in refused}) == 2


@pytest.mark.parametrize(
    ("status", "paid", "cancelled"), [("待支付", False, False), ("已关闭", False, True), ("已发货", True, False)]
)
def test_the_words_of_douyin_say_what_is_paid(
    sheet: Callable[..., Path], status: str, paid: bool, cancelled: bool
) -> None:
    (order,), _ = read(sheet(DOUYIN, SUB | {"订单状态": status}))
    assert (order.paid, order.cancelled, bool(order.payments)) == (paid, cancelled, paid)


@pytest.mark.parametrize("header", [TAOBAO, JD, DOUYIN])
def test_a_header_alone_is_no_order_and_no_fault(sheet: Callable[..., Path], header: Path) -> None:
    assert read(sheet(header)) == ([], [])


def test_a_row_with_a_cell_too_many_is_told(tmp_path: Path) -> None:
    text = text_of(header_of(DOUYIN), [SUB]).replace("保温杯", "保温,杯")
    path = tmp_path / "o.csv"
    path.write_text(text, encoding="utf-8")
    orders, refused = read(path)
    assert (orders, [type(one) for one in refused]) == ([], [RejectedRow])
    assert "22 cells, the header has 21" in refused[0].sentence
