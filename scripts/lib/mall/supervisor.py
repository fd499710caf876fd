"""Talks to supervisord over its Unix socket."""

import contextlib
import http.client
import socket
import time
import xmlrpc.client

STOPPED = ("STOPPED", "EXITED", "FATAL", "UNKNOWN")
UNREACHABLE = (OSError, xmlrpc.client.Error, http.client.HTTPException)


class _Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class _Transport(xmlrpc.client.Transport):
    def __init__(self, path):
        super().__init__()
        self._path = path

    def make_connection(self, host):
        return _Connection(self._path)


def connect(path):
    """supervisord's own calls; see its documentation of the XML-RPC interface."""
    return xmlrpc.client.ServerProxy("http://localhost", transport=_Transport(path)).supervisor


def is_up(path):
    try:
        return connect(path).getState()["statename"] == "RUNNING"
    except UNREACHABLE:
        return False


def stop(control, names, seconds):
    """All of them at the same time; returns when they have ended, or when the time is over."""
    for name in names:
        with contextlib.suppress(xmlrpc.client.Fault):  # one that does not run
            control.stopProcess(name, False)
    end = time.monotonic() + seconds
    while any(control.getProcessInfo(name)["statename"] not in STOPPED for name in names) and time.monotonic() < end:
        time.sleep(0.05)
