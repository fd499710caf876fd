"""Restarts services while they are used: the next process is started beside the one that runs, on the same socket, and that one is
stopped, which lets it finish, once the new one has said that it is ready."""

import contextlib
import fcntl
import socket
import time

from .settings import Refused
from .supervisor import STOPPED, stop

READY_LIMIT = 60  # seconds, for a long migration; the one before serves meanwhile


def slots(service):
    """The two processes that a service may have, by supervisord's names."""
    return f"{service}:{service}-0", f"{service}:{service}-1"


def notify_socket(state):
    return state.folder / "notify.sock"


def running(control, service):
    """Those of its processes that are not stopped, the older first."""
    known = [control.getProcessInfo(slot) | {"slot": slot} for slot in slots(service)]
    return sorted((each for each in known if each["statename"] not in STOPPED), key=lambda each: each["start"])


class Announcements:
    """Who says that it is ready, by sd_notify(3)."""

    def __init__(self, path):
        self._path = path
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._ready = set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def is_ready(self, process, seconds):
        """Listens for so long at most."""
        self._socket.settimeout(seconds)
        if process not in self._ready:
            with contextlib.suppress(TimeoutError):
                said = self._socket.recv(4096).decode(errors="replace").splitlines()
                if "READY=1" in said:
                    self._ready |= {int(line[len("MAINPID="):]) for line in said if line.startswith("MAINPID=")}
        return process in self._ready


@contextlib.contextmanager
def _alone(state):
    with open(state.folder / "restart.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("another restart is under way") from None
        yield


def _settle(control, service):
    """The one process that a restart begins with. Where an earlier restart was interrupted there are two: one that is being stopped is left
    to that, and of two that run the newer may not be ready."""
    for each in running(control, service)[1:]:
        if each["statename"] != "STOPPING":
            control.stopProcess(each["slot"])
    while any(each["statename"] == "STOPPING" for each in running(control, service)):
        time.sleep(0.05)
    left = running(control, service)
    return left[0] if left else None


def _start(control, state, announcements, service, slot):
    """Returns when the process has said that it is ready. Where it does not, it is taken away again and nothing has changed."""
    end = time.monotonic() + READY_LIMIT
    try:
        control.startProcess(slot, False)
        while True:
            info = control.getProcessInfo(slot)
            if info["pid"] and announcements.is_ready(info["pid"], 0.1):
                return
            gone = info["statename"] in ("FATAL", "EXITED")
            if gone or time.monotonic() > end:
                why = "does not stay up" if gone else f"is not ready after {READY_LIMIT} s"
                raise Refused(f"the new {service} {why}; the one before goes on. The end of the log:\n{state.log_tail(service)}")
    except BaseException:
        if control.getProcessInfo(slot)["statename"] not in STOPPED:
            control.stopProcess(slot)
        raise


def _restart(control, state, announcements, service):
    before = _settle(control, service)
    free = next(slot for slot in slots(service) if before is None or slot != before["slot"])
    _start(control, state, announcements, service, free)
    if before is not None:
        control.stopProcess(before["slot"])


def restart(control, state, services, say):
    """One after the other. May be interrupted at any time and run again: a service has at least one process that serves."""
    with _alone(state), Announcements(notify_socket(state)) as announcements:
        for service in services:
            began = time.monotonic()
            _restart(control, state, announcements, service)
            say(f"{service} is restarted ({time.monotonic() - began:.1f} s)")


def stop_all(control, service):
    stop(control, slots(service), 20)
