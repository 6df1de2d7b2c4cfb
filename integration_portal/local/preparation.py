"""What happens between a database that answers and a portal that people can use."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from .console import Console
from .folder import Folder
from .programs import CHECKOUT, management
from .services import Services
from .stamps import Stamp, files_below
from .supervisor import Supervisor

LOCK_FILE = CHECKOUT / "requirements" / "local.txt"


class Preparation:
    """Each method leaves one thing up to date, and does nothing when its inputs are those of the last time.

    Only our own database is remembered; one that the environment names may have been changed by others.
    """

    def __init__(
        self,
        *,
        folder: Folder,
        services: Services,
        environment: Mapping[str, str],
        console: Console,
        supervisor: Supervisor,
    ) -> None:
        self.folder = folder
        self.services = services
        self.environment = environment
        self.console = console
        self.supervisor = supervisor

    async def tables(self) -> None:
        """The tables are those of this version, and the application's role may do what it must and no more."""
        stamp = self._database_stamp("tables", _migrations())
        if stamp is not None and stamp.is_current:
            return
        as_owner = {**self.environment, "DATABASE_URL": self.services.owner_url}
        with self.console.step("Bringing the tables up to date"):
            await self.supervisor.run(management(as_owner, "migrate", "--noinput"))
            if self.services.owner_url != self.services.application_url:
                role = urlsplit(self.services.application_url).username or ""
                await self.supervisor.run(management(as_owner, "protect_database", "--role", role))
        _set(stamp)

    async def static_files(self) -> None:
        """Style sheets, scripts and fonts are collected, named by their content."""
        collected = Path(self.environment["STATIC_ROOT"])
        stamp = Stamp(self.folder.root / "static.stamp", _static_inputs())
        if stamp.is_current and (collected / "staticfiles.json").exists():
            return
        with self.console.step("Collecting style sheets, scripts and fonts"):
            await self.supervisor.run(management(self.environment, "collectstatic", "--noinput", "--clear"))
        stamp.set()

    async def reference_data(self) -> None:
        """Authorities, localities, outcomes, indicators and their published values are loaded."""
        stamp = self._database_stamp("reference-data", _data_inputs())
        if stamp is not None and stamp.is_current:
            return
        with self.console.step("Loading Scotland's authorities, localities, outcomes and indicators"):
            await self.supervisor.run(management(self.environment, "load_reference_data"))
        _set(stamp)

    async def demonstration(self, *, fresh: bool) -> None:
        """The demonstration partnership is there; with `fresh` it is as on the first day."""
        stamp = self._database_stamp("demonstration", _data_inputs())
        if not fresh and stamp is not None and stamp.is_current:
            return
        label = "Resetting the demonstration" if fresh else "Loading the demonstration"
        with self.console.step(label):
            # Published versions refuse to be taken away by anybody but the owner of the tables.
            environment = (
                {**self.environment, "DATABASE_URL": self.services.owner_url} if fresh else self.environment
            )
            options = ["--fresh"] if fresh else []
            await self.supervisor.run(management(environment, "load_demonstration", *options))
        _set(stamp)

    async def demonstration_logins(self) -> str:
        """The demonstration's logins, in words for the terminal."""
        kept = self.folder.root / "demonstration-logins.txt"
        stamp = Stamp(self.folder.root / "demonstration-logins.stamp", _data_inputs())
        if not (stamp.is_current and kept.exists()):
            # Only the words themselves: what libraries log on the way is not for this place.
            quiet = {**self.environment, "LOG_LEVEL": "ERROR"}
            program = management(quiet, "load_demonstration", "--print-logins")
            self.folder.write_private(kept, await self.supervisor.output_of(program))
            stamp.set()
        return kept.read_text()

    def _database_stamp(self, name: str, inputs: Iterable[Path]) -> Stamp | None:
        if self.services.postgres is None:
            return None
        return Stamp(self.services.postgres.home / "stamps" / name, inputs)


def _set(stamp: Stamp | None) -> None:
    if stamp is not None:
        stamp.set()


def _apps() -> list[Path]:
    return [path.parent for pattern in ("*/apps.py", "*/*/apps.py") for path in CHECKOUT.glob(pattern)]


def _migrations() -> list[Path]:
    rights = CHECKOUT / "foundation" / "audit" / "management" / "commands" / "protect_database.py"
    return [LOCK_FILE, rights, *(path for app in _apps() for path in app.glob("migrations/*.py"))]


def _static_inputs() -> list[Path]:
    return [LOCK_FILE, *files_below(CHECKOUT / "static", *(app / "static" for app in _apps()))]


def _data_inputs() -> list[Path]:
    folders = [app / name for app in _apps() for name in ("data", "management", "demonstration", "imports")]
    return [
        *_migrations(),
        *(app / "imports.py" for app in _apps() if (app / "imports.py").exists()),
        *files_below(*folders),
    ]
