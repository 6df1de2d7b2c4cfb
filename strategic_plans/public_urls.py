from django.urls import path

from . import public_views as views

app_name = "published"

urlpatterns = [
    path("", views.plans, name="plans"),
    path("search/", views.search, name="search"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify_code"),
    path("<slug:partnership>/", views.partnership, name="partnership"),
    path("<slug:partnership>/statement/<int:year>/", views.statement, name="statement"),
    path("<slug:partnership>/<slug:plan>/", views.plan, name="plan"),
    path("<slug:partnership>/<slug:plan>/versions/", views.versions, name="versions"),
    path("<slug:partnership>/<slug:plan>/versions/<int:number>/", views.version, name="version"),
    path("<slug:partnership>/<slug:plan>/versions/<int:number>/pdf/", views.pdf, name="pdf"),
    path("<slug:partnership>/<slug:plan>/versions/<int:number>/word/", views.word, name="word"),
    path("<slug:partnership>/<slug:plan>/versions/<int:number>/data.json", views.data, name="data"),
    path("<slug:partnership>/<slug:plan>/versions/<int:number>/tables.zip", views.tables, name="tables"),
    path("<slug:partnership>/<slug:plan>/versions/<int:number>/tables/", views.table_list, name="table_list"),
    path(
        "<slug:partnership>/<slug:plan>/versions/<int:number>/tables/<slug:table>.csv",
        views.table,
        name="table",
    ),
    path(
        "<slug:partnership>/<slug:plan>/versions/<int:number>/variants/<slug:variant>/",
        views.variant,
        name="variant",
    ),
    path(
        "<slug:partnership>/<slug:plan>/versions/<int:number>/variants/<slug:variant>/pdf/",
        views.variant_pdf,
        name="variant_pdf",
    ),
    path("<slug:partnership>/<slug:plan>/versions/<int:number>/changes/", views.changes, name="changes"),
    path(
        "<slug:partnership>/<slug:plan>/versions/<int:number>/latest/<str:block>/",
        views.latest,
        name="latest",
    ),
    path(
        "<slug:partnership>/<slug:plan>/versions/<int:number>/<slug:chapter>/",
        views.version_chapter,
        name="version_chapter",
    ),
    path("<slug:partnership>/<slug:plan>/variants/<slug:form>/", views.written, name="written"),
    path("<slug:partnership>/<slug:plan>/variants/<slug:form>/pdf/", views.written_pdf, name="written_pdf"),
    path("<slug:partnership>/<slug:plan>/<slug:chapter>/", views.chapter, name="chapter"),
]
