"""Programs as children: their output with a name before it, started again when they die, ended when we end.

Everything happens in one thread on one event loop: the kernel's "tell me when my parent ends" is about the thread
that started the child, and forking beside other threads is not safe.
"""

import asyncio
import contextlib
import ctypes
import os
import pwd
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from .errors import CannotStart

PR_SET_PDEATHSIG: Final = 1
FIRST_PAUSE_SECONDS: Final = 0.3
LONGEST_PAUSE_SECONDS: Final = 30.0
# A program that ran this long was well: the next pause is the shortest again.
HEALTHY_AFTER_SECONDS: Final = 60.0

LogLine = Callable[[str, str], None]


@dataclass(frozen=True)
class Program:
    """One child. `ends_with` asks it to stop in its own time; `when_orphaned` is sent by the kernel if we die first."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ends_with: signal.Signals = signal.SIGTERM
    when_orphaned: signal.Signals = signal.SIGKILL
    patience_seconds: float = 10.0
    run_as: pwd.struct_passwd | None = None
    folder: str | None = None
    keeps_open: tuple[int, ...] = ()
    before_start: Callable[[], None] = field(default=lambda: None)


def end_with_parent(signal_number: int) -> Callable[[], None]:
    """A hook for the child, between fork and exec: from then on the kernel signals it when its parent ends.

    Linux only; elsewhere the hook does nothing and a killed supervisor leaves its children behind.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def in_child() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(signal_number))
            if os.getppid() != parent:  # it ended before we had asked
                os._exit(1)

    return in_child


class Supervisor:
    """`inherited` are file descriptors that every child holds open: the lock that tells who is still there."""

    def __init__(self, log: LogLine, *, inherited: Iterable[int] = ()) -> None:
        self.log = log
        self.inherited = tuple(inherited)
        self._kept: dict[str, asyncio.Task[None]] = {}
        self._programs: dict[str, Program] = {}
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = False
        self._hurry = asyncio.Event()

    def keep_running(self, program: Program) -> None:
        """The program is started, and started again with a growing pause whenever it ends by itself."""
        self._programs[program.name] = program
        self._kept[program.name] = asyncio.create_task(self._keep(program), name=program.name)

    def has_failed(self, name: str) -> bool:
        """The program could not even be started (its file is missing, for example)."""
        task = self._kept.get(name)
        return task is not None and task.done()

    async def run(self, program: Program) -> None:
        """The program ran to its end and succeeded; its output is shown only when it did not.

        :raises CannotStart: it ended with a failure. The message holds the end of what it wrote.
        """
        await self.output_of(program)

    async def output_of(self, program: Program) -> str:
        """What the program wrote, after it ran to its end and succeeded. Raises as `run` does."""
        lines: list[str] = []
        process, output_ended = await self._spawn(program, lambda _, text: lines.append(text))
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await self._end(program, process)
            raise
        await output_ended
        if code:
            shown = "\n".join(f"    {line}" for line in lines[-40:])
            raise CannotStart(f"{program.name} {_how_it_ended(code)}. It said:\n{shown}")
        return "\n".join(lines)

    async def run_attached(self, program: Program) -> int:
        """The program ran with our terminal as its own. Returns its exit status."""
        process = await asyncio.create_subprocess_exec(
            *program.command,
            env=dict(program.environment),
            pass_fds=self.inherited,
            preexec_fn=end_with_parent(program.when_orphaned),
        )
        try:
            return await process.wait()
        except asyncio.CancelledError:
            # Ctrl-C reached it too: it gets the time to end by itself before it is told a second time.
            await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=program.patience_seconds)
            await self._end(program, process)
            raise

    async def stop(self) -> None:
        """Every program has ended: the last started first, each asked before it is killed."""
        self._stopping = True
        for name in reversed(list(self._kept)):
            process = self._processes.get(name)
            if process is not None and process.returncode is None:
                await self._end(self._programs[name], process)
            self._kept[name].cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._kept[name]

    def hurry(self) -> None:
        """Stopping no longer waits: what still runs is killed."""
        self._hurry.set()

    async def _keep(self, program: Program) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            began = time.monotonic()
            try:
                program.before_start()
                process, _ = await self._spawn(program, self.log)
            except OSError as error:
                self.log("portal", f"{program.name} cannot be started: {error}")
                return
            self._processes[program.name] = process
            code = await process.wait()
            _kill_group(process.pid)
            if self._stopping:
                return
            if time.monotonic() - began > HEALTHY_AFTER_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            self.log("portal", f"{program.name} {_how_it_ended(code)}; starting it again in {pause:.1f} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _spawn(
        self, program: Program, log: LogLine
    ) -> tuple[asyncio.subprocess.Process, "asyncio.Future[None]"]:
        # A pipe of our own: grandchildren that outlive a killed child hold it open, and asyncio's own would
        # then never report the child's end.
        reading, writing = os.pipe()
        identity: dict[str, object] = {}
        if program.run_as is not None:
            identity = {"user": program.run_as.pw_uid, "group": program.run_as.pw_gid, "extra_groups": []}
        try:
            process = await asyncio.create_subprocess_exec(
                *program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                env=dict(program.environment),
                cwd=program.folder,
                pass_fds=(*self.inherited, *program.keeps_open),
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops the others in order
                preexec_fn=end_with_parent(program.when_orphaned),
                **identity,  # type: ignore[arg-type]
            )
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        return process, _read_lines(reading, program.name, log)

    async def _end(self, program: Program, process: asyncio.subprocess.Process) -> None:
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(program.ends_with)
        ended = asyncio.ensure_future(process.wait())
        hurried = asyncio.ensure_future(self._hurry.wait())
        await asyncio.wait(
            {ended, hurried}, timeout=program.patience_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        hurried.cancel()
        if not ended.done():
            self.log("portal", f"{program.name} did not stop in time and is killed")
            _kill_group(process.pid)
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await ended
        _kill_group(process.pid)


def _read_lines(descriptor: int, name: str, log: LogLine) -> "asyncio.Future[None]":
    """Each line that arrives is logged; the future is done when the other end is closed."""
    loop = asyncio.get_running_loop()
    os.set_blocking(descriptor, False)
    finished: asyncio.Future[None] = loop.create_future()
    rest = b""

    def arrived() -> None:
        nonlocal rest
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return
        *lines, rest = (rest + data).split(b"\n")
        if not data and rest:
            lines, rest = [rest], b""
        for line in lines:
            log(name, line.decode(errors="replace").rstrip())
        if not data:
            loop.remove_reader(descriptor)
            os.close(descriptor)
            if not finished.done():
                finished.set_result(None)

    loop.add_reader(descriptor, arrived)
    return finished


def _kill_group(leader: int) -> None:
    """What the ended child left behind in its process group is gone too."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit status {code}"
