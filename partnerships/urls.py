from django.urls import include, path

from .views import access, audit, home, invitations, people, schemes

app_name = "partnerships"

administer = [
    path("", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/add-role/", people.add_role, name="add_role"),
    path("roles/<int:pk>/end/", people.end_role, name="end_role"),
    path("invite/", people.invite, name="invite"),
    path("invitations/", people.invitations, name="invitations"),
    path("invitations/<int:pk>/withdraw/", people.withdraw_invitation, name="withdraw_invitation"),
    path("invitations/<int:pk>/send-again/", people.send_again, name="send_again"),
    path("support/", people.support, name="support"),
    path("support/<int:pk>/end/", people.end_support, name="end_support"),
]

scheme = [
    path("", schemes.scheme, name="scheme"),
    path("change/", schemes.scheme_change, name="scheme_change"),
    path("new-version/", schemes.new_version, name="scheme_new_version"),
    path("start-day/", schemes.start_day, name="start_day"),
    path("model/", schemes.model, name="model"),
    path("functions/add/", schemes.add_function, name="add_function"),
    path("functions/<slug:code>/end/", schemes.end_function, name="end_function"),
    path("functions/<slug:code>/set-aside/", schemes.large_hospital, name="large_hospital"),
    path("post-holders/add/", schemes.add_holder, name="add_holder"),
    path("post-holders/<int:pk>/", schemes.change_holder, name="change_holder"),
]

trail = [
    path("", audit.audit, name="audit"),
    path("check/", audit.audit_check, name="audit_check"),
    path("entries.csv", audit.audit_download, name="audit_download"),
    path("<int:pk>/", audit.audit_entry, name="audit_entry"),
]

urlpatterns = [
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("<slug:partnership>/", home.home, name="home"),
    path("<slug:partnership>/documents/", home.documents, name="documents"),
    path("<slug:partnership>/access/", access.access, name="access"),
    path("<slug:partnership>/administer/", include(administer)),
    path("<slug:partnership>/scheme/", include(scheme)),
    path("<slug:partnership>/audit/", include(trail)),
]
