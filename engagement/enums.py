from django.db.models import TextChoices


class Method(TextChoices):
    MEETING = "meeting", "Meeting"
    DROP_IN = "drop_in", "Drop-in or stall"
    VISIT = "visit", "Visit to a group"
    SURVEY = "survey", "Survey"
    CALL = "call", "Phone or video call"
    ONLINE = "online", "Online event"
    OTHER = "other", "Something else"
