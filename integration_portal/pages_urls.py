from django.urls import path

from . import pages

app_name = "pages"
urlpatterns = [
    path("", pages.about, name="about"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
]
