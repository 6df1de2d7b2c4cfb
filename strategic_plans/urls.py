from django.urls import URLPattern

app_name = "strategic_plans"
urlpatterns: list[URLPattern] = []
