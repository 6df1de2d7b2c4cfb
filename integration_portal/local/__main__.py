"""`python -m integration_portal.local server|test|bench`: started by script/server, script/test and bench/run."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any

from . import server, suite
from .console import RED, Console
from .errors import CannotStart
from .folder import Folder, FolderLock
from .supervisor import Supervisor

BENCHES = ["bench", "bench.assembly", "bench.money_import", "bench.money_years"]


def main() -> int:
    """Runs the command that the arguments name and returns its exit status."""
    arguments, rest = _read_arguments()
    console = Console()
    try:
        return asyncio.run(_command(arguments, rest, console))
    except CannotStart as reason:
        console.say()
        console.say(str(reason), colour=RED)
        return 1


def _read_arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="python -m integration_portal.local")
    commands = parser.add_subparsers(dest="command", required=True)
    server.add_arguments(commands.add_parser("server", prog="script/server", description=server.__doc__))
    commands.add_parser("test", prog="script/test", description=suite.__doc__, add_help=False)
    bench = commands.add_parser("bench", prog="bench/run", description=suite.measure.__doc__)
    bench.add_argument("program", nargs="?", default="bench", choices=BENCHES)
    if sys.argv[1:2] == ["test"]:  # every other word is pytest's
        return parser.parse_args(["test"]), sys.argv[2:]
    return parser.parse_args(), []


async def _command(arguments: argparse.Namespace, rest: list[str], console: Console) -> int:
    if arguments.command == "server":
        folder = Folder.at(server.default_folder())
        lock = FolderLock(folder)
        supervisor = Supervisor(console.log, inherited=[lock.inherited])
        work: Coroutine[Any, Any, int | None] = server.serve(arguments, folder, console, supervisor, lock)
    else:
        folder = suite.throw_away_folder()
        lock = FolderLock(folder)
        supervisor = Supervisor(suite.log_to_file(folder), inherited=[lock.inherited])
        if arguments.command == "bench":
            work = suite.measure(arguments.program, folder, console, supervisor, lock)
        else:
            work = suite.run(rest, folder, console, supervisor, lock)
    return await _until_told_to_stop(work, console, supervisor)


async def _until_told_to_stop(
    work: Coroutine[Any, Any, int | None], console: Console, supervisor: Supervisor
) -> int:
    """The work ran to its end or until the first signal; either way every program has ended."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)

    def told() -> None:
        if task.cancelling():  # the second Ctrl-C
            supervisor.hurry()
            return
        console.say()
        console.say("Stopping; once more Ctrl-C stops at once.")
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
            loop.add_signal_handler(number, told)
    try:
        return await task or 0
    except asyncio.CancelledError:
        return 0
    finally:
        await supervisor.stop()
        if task.cancelling():
            console.say("Everything has stopped.")


if __name__ == "__main__":
    sys.exit(main())
