"""Addresses of the desk's pages of the lowest floor."""

from django.urls import path

from signoff.views import desk

urlpatterns = [
    path("desk/orders/", desk.order_list, name="order-list"),
    path("desk/orders/<str:token>/", desk.order, name="order-desk"),
]
