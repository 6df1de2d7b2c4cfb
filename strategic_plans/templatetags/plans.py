from django import template

from ..verification import code_of, verify_address

register = template.Library()
register.filter("plan_code", code_of)
register.filter("verify_address", verify_address)
