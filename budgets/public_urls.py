from django.urls import path

from . import views

app_name = "public_money"

urlpatterns = [
    path("", views.public_money, name="page"),
    path("figures.xlsx", views.public_money_xlsx, name="xlsx"),
]
