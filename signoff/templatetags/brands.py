"""The brand of the page: of its shop, neutral where several shops are possible, of the product for staff."""

from django import template
from django.http import HttpRequest
from django.template import Context

from signoff.brands.queries import Brand, brand_of, neutral_brand
from signoff.lookup.session import remembered_shop

register = template.Library()
PRODUCT = Brand(name="Homeward")
STAFF_PAGES = ("/desk/", "/accounts/", "/admin/", "/demo/")


@register.simple_tag(takes_context=True)
def brand(context: Context) -> Brand:
    """``{% brand as brand %}``: of the view's ``shop``; else of the shop at whose start page this browser began."""
    if shop := context.get("shop"):
        return brand_of(shop)
    request = context.get("request")
    if request is None:
        return neutral_brand()
    if _is_for_staff(request):
        return PRODUCT
    shop = remembered_shop(request)
    return brand_of(shop) if shop else neutral_brand()


@register.simple_tag(takes_context=True)
def brand_name(context: Context) -> str:
    """``{% brand_name %}``, for the title of a page."""
    return brand(context).name


@register.simple_tag
def is_product(shown: Brand) -> bool:
    """``{% is_product brand as ours %}``: whether the page is one of the staff's."""
    return shown is PRODUCT


def _is_for_staff(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return request.path.startswith(STAFF_PAGES) or (user is not None and user.is_authenticated)
