from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("national/", views.national_view, name="national"),
    path("accounts/", include("allauth.urls")),
    path("documents/", include("foundation.documents.urls")),
    path("gallery/", include("foundation.sgds.urls")),
    path("health/", include("integration_portal.health_urls")),
    path("about/", include("integration_portal.pages_urls")),
    path("pictures/", include("strategic_plans.picture_urls")),
    path("published/<slug:partnership>/money/", include("budgets.public_urls")),
    path("published/", include("strategic_plans.public_urls")),
    path("<slug:partnership>/search/", views.search_page, name="search"),
    path("<slug:partnership>/plan/", include("strategic_plans.urls")),
    path("<slug:partnership>/money/", include("budgets.urls")),
    path("<slug:partnership>/outcomes/", include("outcomes.urls")),
    path("<slug:partnership>/engagement/", include("engagement.urls")),
    path("<slug:partnership>/localities/", include("localities.urls")),
    path("", include("partnerships.urls")),
]
