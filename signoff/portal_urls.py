"""Addresses for shoppers on the lowest floor."""

from django.urls import path

from signoff.views import portal
from signoff.views.signing import photos
from signoff.views.signing import portal as signing

urlpatterns = [
    path("", portal.find, name="find"),
    path("code/", portal.code, name="code"),
    path("enter/<str:token>/", portal.enter, name="enter"),
    path("leave/", portal.leave_orders, name="leave"),
    path("orders/", portal.my_orders, name="my-orders"),
    path("orders/<str:token>/", portal.order, name="order"),
    path("orders/<str:token>/parcels/<str:parcel>/sign/", signing.sign_entered, name="sign"),
    path("sign/<str:link>/", signing.sign_by_link, name="sign-by-link"),
    path("sign/<str:link>/photos/<uuid:photo>/<str:size>", photos.link_photo, name="link-photo"),
    path("delivery-photos/<uuid:token>/<str:size>", photos.delivery_photo, name="delivery-photo"),
]
