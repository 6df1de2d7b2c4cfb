from django.db.models import TextChoices


class State(TextChoices):
    """Where every file is on its way in. An app's states have these values, and may have more."""

    WAITING = "waiting", "Waiting for a worker"
    READ = "read", "Read, to be looked through"
    REFUSED = "refused", "Refused"
    APPLIED = "applied", "Applied"
