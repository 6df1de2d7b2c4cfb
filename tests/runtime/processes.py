"""Looking at the machine's processes, as /proc shows them."""

from pathlib import Path


def descendants(pid: int) -> dict[int, str]:
    """The command line of every process below this one."""
    children: dict[int, list[int]] = {}
    for process in _all():
        children.setdefault(_parent(process), []).append(process)
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found[child] = command_line(child)
            waiting.append(child)
    return found


def child_running(pid: int, words: str) -> int:
    """The direct child whose command line holds the words."""
    found = find_child(pid, words)
    assert found is not None, f"No child of {pid} runs {words!r}: {descendants(pid)}"
    return found


def find_child(pid: int, words: str) -> int | None:
    for process in _all():
        if _parent(process) == pid and words in command_line(process):
            return process
    return None


def is_alive(pid: int) -> bool:
    """Whether the process still does anything; one that ended and waits to be collected does not."""
    return _facts(pid)[:1] not in ([], ["Z"])


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _all() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _parent(pid: int) -> int:
    facts = _facts(pid)
    return int(facts[1]) if facts else 0


def _facts(pid: int) -> list[str]:
    """State, parent and so on: what follows the program's name, which may hold blanks itself."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
