"""Exports of shop systems and marketplaces as column mappings, recognised by their titles.

Sources of the columns:

- WooCommerce: "Advanced Order Export for WooCommerce" (AlgolPlus), the default fields of its CSV.
- Amazon: Selling Partner API, GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL and the order report of unshipped
  orders; GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA.
- eBay: Seller Hub, orders report ("Download report"). An order of several items begins with a row of sums.
- Etsy: Shop Manager, "Download your data", sold order items.
- Tiendanube and Nuvemshop: "Exportar ventas" / "Exportar lista".
- Magento and Adobe Commerce: the orders grid, "Export CSV". It has no lines.
- Shopware: SwagImportExport, profile default_orders.
- PrestaShop: the orders list, "Export" (no lines), and a query of ps_orders with ps_order_detail in the SQL manager.
- Square: Dashboard, item sales, "Detail CSV". Its times are taken as UTC.
- 拼多多: 商家后台, 订单查询, 批量导出. 微信小店: 订单管理, 导出订单.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from signoff.imports.files.uploaded import Source
from signoff.imports.formats.generic import MappedTableReader
from signoff.imports.formats.mapping import ColumnMapping
from signoff.imports.orders.parsed import Reader

AMERICAN = ("USD", "CAD")
CANCELLED = ("cancel", "failed", "declined", "error", "voided", "expired")
UNPAID = ("pending", "on hold", "on-hold", "unpaid", "awaiting", "payment review")


@dataclass(frozen=True, slots=True)
class Preset:
    """A mapping, and the titles by which its files are recognised: all of them, and one of each group."""

    key: str
    title: str
    titles: Sequence[str | Sequence[str]]
    mapping: ColumnMapping

    def recognises(self, source: Source) -> bool:
        groups = [(titles,) if isinstance(titles, str) else titles for titles in self.titles]
        return all(any(source.is_table(title) for title in group) for group in groups)

    def reader(self, source: Source) -> Reader:
        return MappedTableReader(source, self.mapping)


def _columns(**titles: str) -> dict[str, Sequence[str]]:
    """Our field → the titles that its column may have, separated by ``|``."""
    return {field: tuple(text.split("|")) for field, text in titles.items()}


PRESETS = (
    Preset(
        "woocommerce-csv",
        "WooCommerce CSV",
        ("Order Number", "Order Status", "Order Date", "Item Cost", ("Quantity", "Quantity (- Refund)")),
        ColumnMapping(
            _columns(
                number="Order Number", placed="Order Date", status="Order Status", article="SKU",
                title="Item Name|Name|Product Name", quantity="Quantity|Quantity (- Refund)", price="Item Cost",
                tax="Order Line Tax", order_tax="Order Total Tax Amount", currency="Order Currency|Currency",
                order_discount="Cart Discount Amount", discount_code="Coupon Code", shipping="Order Shipping Amount",
                shipping_title="Shipping Method Title|Shipping Method", total="Order Total Amount",
                payment_method="Payment Method Title|Payment Method", payment_reference="Transaction ID",
                email="Email (Billing)|Customer Email", phone="Phone (Billing)", customer="Customer User ID",
                ship_name="First Name (Shipping)|First Name (Billing)",
                ship_last_name="Last Name (Shipping)|Last Name (Billing)", ship_company="Company (Shipping)",
                ship_street="Address 1&2 (Shipping)|Address 1&2 (Billing)", ship_city="City (Shipping)|City (Billing)",
                ship_region="State Code (Shipping)|State Code (Billing)",
                ship_postcode="Postcode (Shipping)|Postcode (Billing)",
                ship_country="Country Code (Shipping)|Country Code (Billing)", tracking="Tracking Number",
            ),
            currency="EUR", mark=".", prices_include_tax=False, cancelled=CANCELLED, unpaid=UNPAID, sign_wins=True,
        ),
    ),
    Preset(
        "amazon",
        "Amazon",
        (("amazon-order-id", "order-id"), "purchase-date", "sku", ("quantity", "quantity-purchased"), "item-price"),
        ColumnMapping(
            _columns(
                number="amazon-order-id|order-id", placed="purchase-date", status="order-status", article="sku",
                title="product-name", quantity="quantity|quantity-purchased", line_total="item-price", tax="item-tax",
                discount="item-promotion-discount", shipping="shipping-price", shipping_tax="shipping-tax",
                shipping_discount="ship-promotion-discount", currency="currency", line="order-item-id",
                email="buyer-email", phone="buyer-phone-number|ship-phone-number", ship_name="recipient-name",
                ship_street="ship-address-1", ship_street_2="ship-address-2", ship_city="ship-city",
                ship_region="ship-state", ship_postcode="ship-postal-code", ship_country="ship-country",
                tracking="tracking-number", carrier="carrier", warehouse="fulfillment-channel",
            ),
            currency="USD", mark=".", shipping_per="line", net_currencies=AMERICAN, cancelled=CANCELLED,
            unpaid=("pending",), method="Amazon",
        ),
    ),
    Preset(
        "ebay",
        "eBay",
        ("Order Number", "Buyer Username", "Item Number", "Item Title", "Sold For"),
        ColumnMapping(
            _columns(
                number="Order Number", placed="Sale Date", article="Custom Label|Custom Label (SKU)",
                title="Item Title", line="Transaction ID", quantity="Quantity", price="Sold For",
                shipping="Shipping And Handling", total="Total Price", payment_method="Payment Method",
                payment_reference="PayPal Transaction ID", customer="Buyer Username", email="Buyer Email",
                phone="Ship To Phone|Buyer Phone", ship_name="Ship To Name|Buyer Name",
                ship_street="Ship To Address 1|Buyer Address 1", ship_street_2="Ship To Address 2|Buyer Address 2",
                ship_city="Ship To City|Buyer City", ship_region="Ship To State|Buyer State",
                ship_postcode="Ship To Zip|Buyer Zip", ship_country="Ship To Country|Buyer Country",
                sent="Shipped On Date", promised="Maximum Estimated Delivery Date", tracking="Tracking Number",
            ),
            currency="USD", day_first=False, line_needs="title", sign_wins=True, method="eBay",
        ),
    ),
    Preset(
        "etsy",
        "Etsy",
        ("Sale Date", "Item Name", "Quantity", "Price", "Transaction ID", "Listing ID", "Order ID"),
        ColumnMapping(
            _columns(
                number="Order ID", placed="Sale Date", article="SKU", title="Item Name", line="Transaction ID",
                quantity="Quantity", price="Price", discount="Discount Amount", discount_code="Coupon Code",
                shipping="Order Shipping|Order Delivery", shipping_discount="Shipping Discount|Delivery Discount",
                order_tax="Order Sales Tax", currency="Currency", customer="Buyer", ship_name="Ship Name|Delivery Name",
                ship_street="Ship Address1|Delivery Address1", ship_street_2="Ship Address2|Delivery Address2",
                ship_city="Ship City|Delivery City", ship_region="Ship State|Delivery State",
                ship_postcode="Ship Zipcode|Delivery Zipcode", ship_country="Ship Country|Delivery Country",
                sent="Date Shipped|Date Posted", payment_method="Payment Type",
            ),
            currency="USD", mark=".", day_first=False, prices_include_tax=False, method="Etsy",
        ),
    ),
    Preset(
        "tiendanube",
        "Tiendanube / Nuvemshop",
        (
            ("Número de orden", "Número do Pedido"),
            ("Nombre del producto", "Nome do Produto"),
            ("Cantidad del producto", "Quantidade Comprada"),
            ("Precio del producto", "Valor do Produto"),
        ),
        ColumnMapping(
            _columns(
                number="Número de orden|Número do Pedido", placed="Fecha|Data",
                status="Estado del pago|Status do Pagamento", article="SKU",
                title="Nombre del producto|Nome do Produto", quantity="Cantidad del producto|Quantidade Comprada",
                price="Precio del producto|Valor do Produto", currency="Moneda|Moeda",
                order_discount="Descuento|Desconto", discount_code="Cupón de descuento|Cupom de Desconto",
                shipping="Costo de envío|Valor do Frete", shipping_title="Medio de envío|Forma de Entrega",
                total="Total", payment_method="Medio de pago|Forma de Pagamento",
                payment_reference="Identificador de la transacción en el medio de pago"
                "|Identificador da transação no meio de pagamento",
                email="Email|E-mail", phone="Teléfono|Telefone", ship_name="Nombre para el envío|Nome para a entrega",
                ship_street="Dirección|Endereço", ship_street_2="Número", ship_city="Ciudad|Cidade",
                ship_region="Provincia o estado|Estado", ship_postcode="Código postal", ship_country="País",
                sent="Fecha de envío|Fécha de envío|Data de envío",
                tracking="Código de tracking del envío|Código de rastreio do envio",
            ),
            currency="ARS", zone="America/Argentina/Buenos_Aires", mark=".", day_first=True, sign_wins=True,
            cancelled=("anulado", "cancelad", "abandonado", "recusado", "rechazado"),
            unpaid=("pendiente", "pendente", "no pago", "em espera", "en espera"),
        ),
    ),
    Preset(
        "magento",
        "Magento",
        ("ID", "Purchase Date", "Bill-to Name", "Grand Total (Purchased)", "Status"),
        ColumnMapping(
            _columns(
                number="ID", placed="Purchase Date", status="Status", total="Grand Total (Purchased)",
                shipping="Shipping and Handling", shipping_title="Shipping Information",
                payment_method="Payment Method", email="Customer Email", phone="Phone Number",
                ship_name="Ship-to Name|Bill-to Name", ship_street="Shipping Address|Billing Address",
            ),
            currency="USD", mark=".", day_first=False, whole_order=True, sign_wins=True, cancelled=CANCELLED,
            unpaid=UNPAID,
        ),
    ),
    Preset(
        "shopware",
        "Shopware",
        ("number", "orderTime", "invoiceAmount", "articleNumber", "quantity", "price"),
        ColumnMapping(
            _columns(
                number="number", placed="orderTime", status="cleared|paymentStatus", article="articleNumber",
                title="articleName", line="orderDetailId", quantity="quantity", price="price", tax_rate="taxRate",
                shipping="invoiceShipping", total="invoiceAmount", currency="currency", customer="customerId",
                payment_reference="transactionId", payment_method="paymentName|payment",
                email="email|customerEmail", phone="billingPhone", ship_name="shippingFirstname|shippingFirstName",
                ship_last_name="shippingLastname|shippingLastName", ship_company="shippingCompany",
                ship_street="shippingStreet", ship_city="shippingCity", ship_postcode="shippingZipcode|shippingZipCode",
                ship_country="shippingCountry", tracking="trackingCode", language="languageIso",
            ),
            currency="EUR", zone="Europe/Berlin",
        ),
    ),
    Preset(
        "prestashop",
        "PrestaShop",
        ("reference", "date_add", "product_name", "product_quantity"),
        ColumnMapping(
            _columns(
                number="reference", placed="date_add", article="product_reference", title="product_name",
                line="id_order_detail", quantity="product_quantity", price="unit_price_tax_incl|product_price",
                shipping="total_shipping_tax_incl|total_shipping",
                order_discount="total_discounts_tax_incl|total_discounts", total="total_paid_tax_incl|total_paid",
                paid="total_paid_real", payment_method="payment", currency="currency|iso_code",
                customer="id_customer", email="email", phone="phone_mobile|phone", ship_name="firstname",
                ship_last_name="lastname", ship_company="company", ship_street="address1", ship_street_2="address2",
                ship_city="city", ship_postcode="postcode", ship_country="country", tracking="shipping_number",
                carrier="carrier",
            ),
            currency="EUR", zone="Europe/Paris", mark=".",
        ),
    ),
    Preset(
        "prestashop-list",
        "PrestaShop",
        ("ID", "Reference", "New client", "Customer", "Total", "Payment", "Status"),
        ColumnMapping(
            _columns(
                number="Reference", placed="Date", status="Status", total="Total", payment_method="Payment",
                ship_name="Customer", ship_country="Delivery",
            ),
            currency="EUR", zone="Europe/Paris", day_first=False, whole_order=True, sign_wins=True,
            cancelled=CANCELLED, unpaid=UNPAID,
        ),
    ),
    Preset(
        "square",
        "Square",
        ("Date", "Time", "Item", "Qty", "Gross Sales", "Net Sales", "Transaction ID"),
        ColumnMapping(
            _columns(
                number="Transaction ID", placed="Date", placed_time="Time", event="Event Type", article="SKU",
                title="Item", category="Category", quantity="Qty", line_total="Gross Sales", discount="Discounts",
                tax="Tax", payment_reference="Payment ID", customer="Customer ID", ship_name="Customer Name",
                warehouse="Location",
            ),
            currency="USD", day_first=False, prices_include_tax=False, returns=("refund",), sign_wins=True,
            method="Square",
        ),
    ),
    Preset(
        "pinduoduo",
        "拼多多",
        ("订单号", "商品总价(元)", "商家实收金额(元)", "商品数量(件)", ("订单成交时间", "支付时间")),
        ColumnMapping(
            _columns(
                number="订单号", placed="订单成交时间|支付时间", status="订单状态",
                article="商家编码-规格维度|商家编码-商品维度|样式ID|商品id", title="商品|商品名称",
                quantity="商品数量(件)", line_total="商品总价(元)", shipping="邮费(元)", paid="用户实付金额(元)",
                ship_name="收货人|收件人",
                phone="手机|收货人手机", ship_street="详细地址|收货地址|街道", ship_city="市", ship_region="省",
                carrier="快递公司", tracking="快递单号", sent="发货时间", delivered="确认收货时间",
            ),
            currency="CNY", zone="Asia/Shanghai", mark=".", discount_from_paid=True, cancelled=("取消", "关闭"),
            unpaid=("待付款", "待支付", "未支付"), method="拼多多", language="zh-hans", country="CN",
        ),
    ),
    Preset(
        "wechat-shop",
        "微信小店",
        ("订单号", ("订单下单时间", "下单时间"), "商品编码(平台)", "商品数量", "订单实际支付金额"),
        ColumnMapping(
            _columns(
                number="订单号", placed="订单下单时间|下单时间", status="订单状态",
                article="SKU编码(自定义)|商品编码(自定义)|商品编码(平台)", title="商品名称", quantity="商品数量",
                price="商品价格(单件)|商品价格", shipping="订单运费", paid="订单实际支付金额",
                payment_method="支付方式", payment_reference="交易单号", ship_name="收件人姓名", phone="收件人手机",
                ship_street="收件人地址",
                ship_city="市", ship_region="省", carrier="物流公司", tracking="快递单号", sent="订单发货时间",
                delivered="订单确认收货时间",
            ),
            currency="CNY", zone="Asia/Shanghai", mark=".", discount_from_paid=True, cancelled=("取消", "关闭"),
            unpaid=("待付款", "待支付", "未支付"), method="微信支付", language="zh-hans", country="CN",
        ),
    ),
)  # fmt: skip


def is_amazon_returns(source: Source) -> bool:
    """Whether the file is Amazon's report of past returns, which has no orders."""
    return source.is_table("return-date", "order-id", "sku", "quantity", "detailed-disposition")
