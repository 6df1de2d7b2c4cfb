from django.urls import path

from . import views

app_name = "localities"
urlpatterns = [
    path("", views.locality_list, name="list"),
    path("leads/", views.leads, name="leads"),
    path("leads/<int:lead>/end/", views.end_lead, name="end_lead"),
    path("<slug:locality>/", views.detail, name="detail"),
    path("<slug:locality>/change/", views.change, name="change"),
]
