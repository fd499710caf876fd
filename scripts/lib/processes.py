"""Starting processes that cannot outlive us, and asking whether they are ready."""

import os
import signal
import socket
import subprocess
import time


def free_port():
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_port_free(port):
    """Whether a server could listen on the port on every address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
        return True


def start(command, user=None, **options):
    """Starts a command in a session of its own (Ctrl-C does not reach it); the kernel ends it should we die."""
    wrapped = ["setpriv", "--pdeathsig", "TERM"]
    if user:
        wrapped += ["--reuid", user, "--regid", user, "--init-groups", "--reset-env"]
    return subprocess.Popen(wrapped + ["--"] + command, start_new_session=True, stdin=subprocess.DEVNULL, **options)


def stop(process, how=signal.SIGTERM, patience=10.0):
    """Ends a process started by start() and everything in its group."""
    for sign, seconds in ((how, patience), (signal.SIGKILL, 5.0)):
        if process.poll() is None:
            try:
                os.killpg(process.pid, sign)
                process.wait(seconds)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def wait_until(ready, seconds, every=0.02):
    """True as soon as ready() is, False when the time is over."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def stop_on_signals():
    """Turns the signals that end us into an exception, so that `finally` runs."""

    def end(number, _frame):
        for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(again, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
