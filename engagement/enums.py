from django.db.models import TextChoices


class Method(TextChoices):
    MEETING = "meeting", "Meeting"
    DROP_IN = "drop_in", "Drop-in or stall"
    VISIT = "visit", "Visit to a group"
    SURVEY = "survey", "Survey"
    CALL = "call", "Phone or video call"
    ONLINE = "online", "Online event"
    OTHER = "other", "Something else"


class PromiseState(TextChoices):
    """How far a promise has come. Who made it is told when it falls due; who heard it is told when it is done."""

    OVERDUE = "overdue", "Overdue"
    DUE = "due", "Due"
    TO_TELL_BACK = "to_tell_back", "Done, not yet told back"
    KEPT = "kept", "Kept and told back"
