from django.urls import path

from . import views

app_name = "engagement"
urlpatterns = [
    path("", views.activity_list, name="list"),
    path("activities.csv", views.activities_file, name="csv"),
    path("log/", views.log, name="log"),
    path("coverage/", views.coverage, name="coverage"),
    path("promises/", views.promise_list, name="promises"),
    path("promises/<int:pk>/change/", views.change_promise, name="change_promise"),
    path("promises/<int:pk>/done/", views.promise_done, name="promise_done"),
    path("promises/<int:pk>/tell-back/", views.promise_tell_back, name="tell_back"),
    path("promises/<int:pk>/reopen/", views.reopen_promise, name="reopen_promise"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/promises/add/", views.add_promise, name="add_promise"),
]
