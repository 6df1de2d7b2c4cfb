"""What every measurement begins with."""


def load_demonstration() -> None:
    """The empty portal of this run holds the demonstration, and its static files stand where it reads them."""
    import django

    django.setup()
    from django.core.management import call_command

    for command in ("migrate", "load_reference_data", "load_demonstration"):
        call_command(command, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
