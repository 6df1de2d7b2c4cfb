from django.urls import path

from .views import actions, checks, plans, preview, priorities, texts, thread, versions

app_name = "strategic_plans"

urlpatterns = [
    path("", plans.plan_list, name="list"),
    path("new/", plans.new, name="new"),
    path("<slug:plan>/", plans.workspace, name="workspace"),
    path("<slug:plan>/details/", plans.details, name="details"),
    path("<slug:plan>/sections/<slug:key>/", texts.section, name="section"),
    path("<slug:plan>/sections/<slug:key>/owner/", plans.section_owner, name="section_owner"),
    path("<slug:plan>/sections/<slug:key>/copy/", texts.section_copy, name="section_copy"),
    path("<slug:plan>/sections/<slug:key>/history/", texts.section_history, name="section_history"),
    path(
        "<slug:plan>/sections/<slug:key>/history/<int:number>/",
        texts.section_revision,
        name="section_revision",
    ),
    path("<slug:plan>/localities/", texts.arrangements, name="arrangements"),
    path("<slug:plan>/localities/<slug:locality>/", texts.arrangement, name="arrangement"),
    path("<slug:plan>/localities/<slug:locality>/copy/", texts.arrangement_copy, name="arrangement_copy"),
    path(
        "<slug:plan>/localities/<slug:locality>/history/",
        texts.arrangement_history,
        name="arrangement_history",
    ),
    path(
        "<slug:plan>/localities/<slug:locality>/history/<int:number>/",
        texts.arrangement_revision,
        name="arrangement_revision",
    ),
    path("<slug:plan>/priorities/", priorities.priority_list, name="priorities"),
    path("<slug:plan>/priorities/new/", priorities.new, name="new_priority"),
    path("<slug:plan>/priorities/<int:pk>/", priorities.priority, name="priority"),
    path("<slug:plan>/priorities/<int:pk>/change/", priorities.change, name="change_priority"),
    path("<slug:plan>/priorities/<int:pk>/move/", priorities.move, name="move_priority"),
    path("<slug:plan>/priorities/<int:pk>/remove/", priorities.remove, name="remove_priority"),
    path("<slug:plan>/priorities/<int:pk>/actions/new/", actions.new, name="new_action"),
    path("<slug:plan>/actions/", actions.action_list, name="actions"),
    path("<slug:plan>/actions/<int:action>/", actions.action, name="action"),
    path("<slug:plan>/actions/<int:action>/change/", actions.change, name="change_action"),
    path("<slug:plan>/actions/<int:action>/owner/", actions.assign, name="assign_action"),
    path("<slug:plan>/actions/<int:action>/update/", actions.update, name="update_action"),
    path("<slug:plan>/actions/<int:action>/move/", actions.move, name="move_action"),
    path("<slug:plan>/actions/<int:action>/remove/", actions.remove, name="remove_action"),
    path("<slug:plan>/thread/", thread.thread, name="thread"),
    path("<slug:plan>/check/", checks.check, name="check"),
    path("<slug:plan>/publish/", checks.publish, name="publish"),
    path("<slug:plan>/preview/", preview.contents, name="preview"),
    path("<slug:plan>/preview/<slug:chapter>/", preview.chapter, name="preview_chapter"),
    path("<slug:plan>/pdf/", versions.draft_pdf, name="draft_pdf"),
    path("<slug:plan>/versions/", versions.version_list, name="versions"),
    path("<slug:plan>/versions/<int:number>/", versions.version, name="version"),
    path("<slug:plan>/versions/<int:number>/pdf/", versions.version_pdf, name="version_pdf"),
]
