from django.db.models import TextChoices


class ImportState(TextChoices):
    """Where a file of lines is on its way into a budget."""

    WAITING = "waiting", "Waiting for a worker"
    UNMATCHED = "unmatched", "Its columns are to be matched"
    READ = "read", "Compared, to be looked through"
    REFUSED = "refused", "Could not be read"
    APPLIED = "applied", "Applied"


class Unit(TextChoices):
    """What one in a money column of a ledger stands for."""

    POUNDS = "pounds", "Pounds"
    THOUSANDS = "thousands", "Thousands of pounds"
    MILLIONS = "millions", "Millions of pounds"

    @property
    def pounds(self) -> int:
        """What one is, in pounds."""
        return {Unit.POUNDS: 1, Unit.THOUSANDS: 1_000, Unit.MILLIONS: 1_000_000}[self]


class Sign(TextChoices):
    """How a ledger writes spending. Councils mostly write it plain; some boards' ledgers print it as a credit."""

    SPENDING_PLAIN = "plain", "Spending is a plain figure; income or credits are minus, in brackets or CR"
    SPENDING_MINUS = "minus", "Spending is minus, in brackets or CR; income is a plain figure"
