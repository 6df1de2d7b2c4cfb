from django.urls import path

from . import views

app_name = "outcomes"
urlpatterns = [
    path("", views.outcome_list, name="list"),
    path("<int:number>/", views.outcome, name="outcome"),
    path("indicators/", views.indicators, name="indicators"),
    path("indicators.csv", views.indicators_csv, name="indicators_csv"),
    path("indicators/<slug:indicator>/", views.indicator, name="indicator"),
]
