from django.urls import path

from . import views

app_name = "sgds"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("workspace/", views.gallery_workspace, name="gallery_workspace"),
    path("public/", views.gallery_public, name="gallery_public"),
]
