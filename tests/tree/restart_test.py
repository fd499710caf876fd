"""make restart: supervisord, the launcher and the change from one process to the next, with a stand-in for the service."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from lib import processes  # noqa: E402
from lib.mall import configuration, restart, supervisor  # noqa: E402
from lib.mall.settings import Refused  # noqa: E402

# Answers each caller with its process id. What it finds in its folder decides how it behaves.
STAND_IN = """
import os, pathlib, signal, socket, sys
folder = pathlib.Path(sys.argv[1])
if os.environ["LISTEN_PID"] != str(os.getpid()) or os.environ["LISTEN_FDS"] != "1" or (folder / "dies").exists():
    sys.exit(3)
listener = socket.socket(fileno=3)
stopping = False
def stop(*_):
    global stopping
    stopping = True
signal.signal(signal.SIGTERM, stop)
listener.settimeout(0.02)
if not (folder / "never-ready").exists():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        try:
            told.sendto(f"READY=1\\nMAINPID={os.getpid()}\\n".encode(), os.environ["NOTIFY_SOCKET"])
        except OSError:
            pass
while not stopping:
    try:
        caller, _ = listener.accept()
    except TimeoutError:
        continue
    except BlockingIOError:
        continue
    with caller:
        caller.sendall(str(os.getpid()).encode())
"""


class Restart(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "log").mkdir()
        (self.folder / "stand_in.py").write_text(STAND_IN)
        self.state = types.SimpleNamespace(folder=self.folder, log_tail=lambda name: (self.folder / f"log/{name}.log").read_text())
        self.port = processes.free_port()
        section = configuration._program(self.state, "tea", [sys.executable, self.folder / "stand_in.py", self.folder], 20, autostart=False, port=self.port,
                                         directory=self.folder, PASS_SOCKET="yes", NOTIFY_SOCKET=restart.notify_socket(self.state))
        (self.folder / "supervisord.conf").write_text(configuration.daemon(self.state) + section)
        daemon = processes.start(["supervisord", "-c", str(self.folder / "supervisord.conf")], cwd=self.folder, stdout=subprocess.DEVNULL)
        self.addCleanup(processes.stop, daemon, patience=30)
        self.await_that(lambda: supervisor.is_up(self.folder / "supervisor.sock"), "supervisord")
        self.control = supervisor.connect(self.folder / "supervisor.sock")
        self.control.startProcess("tea:tea-0", False)
        self.await_that(lambda: len(self.running()) == 1 and self.ask(), "the first process")
        limit = restart.READY_LIMIT
        self.addCleanup(setattr, restart, "READY_LIMIT", limit)

    def await_that(self, ready, what):
        self.assertTrue(processes.wait_until(ready, 20), f"waited for {what}")

    def running(self):
        return restart.running(self.control, "tea")

    def ask(self):
        """The process that answers."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as server:
            return int(server.recv(100))

    def restart(self):
        restart.restart(self.control, self.state, ["tea"], lambda _: None)

    def test_is_noticed_by_nobody_who_calls(self):
        over, answers, failures = threading.Event(), [], []

        def call():
            while not over.is_set():
                try:
                    answers.append(self.ask())
                except (OSError, ValueError) as failure:
                    failures.append(failure)

        callers = [threading.Thread(target=call) for _ in range(4)]
        for caller in callers:
            caller.start()
        try:
            for _ in range(5):
                before = self.running()[0]["pid"]
                self.restart()
                self.assertEqual(len(self.running()), 1)
                self.assertNotEqual(self.running()[0]["pid"], before)
        finally:
            over.set()
            for caller in callers:
                caller.join()
        self.assertEqual(failures, [])
        self.assertGreaterEqual(len(set(answers)), 5)

    def test_that_fails_leaves_the_one_before(self):
        before = self.running()[0]["pid"]
        restart.READY_LIMIT = 1
        for how in ("never-ready", "dies"):
            (self.folder / how).touch()
            with self.assertRaisesRegex(Refused, "the one before goes on"):
                self.restart()
            (self.folder / how).unlink()
            self.assertEqual([each["pid"] for each in self.running()], [before])
            self.assertEqual(self.ask(), before)

    def test_that_was_interrupted_can_be_made_again(self):
        self.control.startProcess("tea:tea-1", False)  # and there it was interrupted
        self.await_that(lambda: len(self.running()) == 2 and all(each["pid"] for each in self.running()), "two processes")
        before = {each["pid"] for each in self.running()}
        self.restart()
        self.assertEqual(len(self.running()), 1)
        self.assertNotIn(self.running()[0]["pid"], before)

    def test_of_one_that_does_not_run_starts_it(self):
        restart.stop_all(self.control, "tea")
        self.restart()
        self.assertEqual(self.ask(), self.running()[0]["pid"])

    def test_is_made_once_at_a_time(self):
        with restart._alone(self.state), self.assertRaisesRegex(Refused, "another restart"):
            self.restart()

    def test_leaves_a_service_that_is_started_again_after_a_crash(self):
        self.restart()
        self.await_that(lambda: self.running()[0]["statename"] == "RUNNING", "supervisord to take it for started")
        before = self.running()[0]["pid"]
        os.kill(before, signal.SIGKILL)
        self.await_that(lambda: self.running() and self.running()[0]["pid"] not in (0, before), "another process")
        self.await_that(lambda: processes.wait_until(lambda: not processes.is_port_free(self.port), 5) and self.ask() != before, "its answer")


if __name__ == "__main__":
    unittest.main()
