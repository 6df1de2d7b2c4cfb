from . import access, audit, home, invitations, people, schemes

__all__ = ["access", "audit", "home", "invitations", "people", "schemes"]
