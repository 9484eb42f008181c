"""Addresses for shoppers on the lowest floor."""

from django.urls import path

from signoff.views import portal

urlpatterns = [
    path("", portal.find, name="find"),
    path("code/", portal.code, name="code"),
    path("enter/<str:token>/", portal.enter, name="enter"),
    path("leave/", portal.leave_orders, name="leave"),
    path("orders/", portal.my_orders, name="my-orders"),
    path("orders/<str:token>/", portal.order, name="order"),
]
