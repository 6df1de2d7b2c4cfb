from django.urls import path

from . import views

app_name = "budgets"
urlpatterns = [
    path("", views.year_list, name="list"),
    path("open/", views.open_year, name="open"),
    path("care-groups/", views.care_groups, name="care_groups"),
    path("care-groups/<int:group>/", views.care_group, name="care_group"),
    path("care-groups/<int:group>/remove/", views.remove_care_group, name="remove_care_group"),
    path("<int:year>/", views.detail, name="detail"),
    path("<int:year>/agree/", views.agree, name="agree"),
    path("<int:year>/reopen/", views.reopen, name="reopen"),
    path("<int:year>/allocate/", views.allocate, name="allocate"),
    path("<int:year>/contributions/", views.contributions, name="contributions"),
    path("<int:year>/contributions/<slug:body>/<slug:kind>/", views.contribution, name="contribution"),
    path("<int:year>/lines/", views.lines, name="lines"),
    path("<int:year>/lines.csv", views.lines_file, name="lines_csv"),
    path("<int:year>/lines/add/", views.add_line, name="add_line"),
    path("<int:year>/lines/<int:pk>/", views.line, name="line"),
    path("<int:year>/lines/<int:pk>/change/", views.change_line, name="change_line"),
    path("<int:year>/lines/<int:pk>/split/", views.split_line, name="split_line"),
    path("<int:year>/lines/<int:pk>/remove/", views.remove_line, name="remove_line"),
    path("policy/", views.money_policy, name="money_policy"),
    path("<int:year>/reserves/", views.reserves, name="reserves"),
    path("<int:year>/reserves/add/", views.add_reserve, name="add_reserve"),
    path("<int:year>/reserves/move/", views.move_reserve, name="move_reserve"),
    path("<int:year>/reserves/<int:reserve>/change/", views.change_reserve, name="change_reserve"),
    path("<int:year>/reserves/movements/<int:movement>/", views.change_movement, name="change_movement"),
    path(
        "<int:year>/reserves/movements/<int:movement>/remove/", views.remove_movement, name="remove_movement"
    ),
    path("<int:year>/savings/", views.savings, name="savings"),
    path("<int:year>/savings/add/", views.add_saving, name="add_saving"),
    path("<int:year>/savings/target/", views.savings_target, name="savings_target"),
    path("<int:year>/savings/<int:saving>/", views.saving, name="saving"),
    path("<int:year>/savings/<int:saving>/change/", views.change_saving, name="change_saving"),
    path("<int:year>/savings/<int:saving>/remove/", views.remove_saving, name="remove_saving"),
]
