"""What make test counts, and what the scripts' parts promise."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from lib import processes, results  # noqa: E402
from lib.mall import databases  # noqa: E402


def case(result="COMPLETED", status="RUN", failures=None):
    entry = {"name": "X", "status": status, "result": result}
    return entry | ({"failures": failures} if failures else {})


class Results(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.entries = []

    def program(self, name, status, cases=None):
        self.entries.append(f'<testcase name="{name}" status="{status}"/>')
        if cases is not None:
            (self.folder / f"{name}.json").write_text(json.dumps({"testsuites": [{"testsuite": cases}]}))

    def counted(self):
        (self.folder / "ctest.xml").write_text(f"<testsuite>{''.join(self.entries)}</testsuite>")
        return str(results.add_up(self.folder / "ctest.xml", self.folder))

    def test_cases_of_all_programs_are_added_up(self):
        self.program("a_test", "run", [case(), case()])
        self.program("b_test", "fail", [case(), case(failures=[{"failure": "no"}])])
        self.assertEqual(self.counted(), "3 passed, 1 failed")

    def test_skipped_and_disabled_cases_are_told(self):
        self.program("a_test", "run", [case(), case(result="SKIPPED"), case(result="SUPPRESSED", status="NOTRUN")])
        self.assertEqual(self.counted(), "1 passed, 0 failed, 2 skipped")

    def test_a_program_that_crashed_without_a_report_is_a_failure(self):
        self.program("a_test", "fail")
        self.assertEqual(self.counted(), "0 passed, 1 failed")

    def test_a_program_that_failed_after_its_cases_passed_is_a_failure(self):
        self.program("a_test", "fail", [case()])
        self.assertEqual(self.counted(), "1 passed, 1 failed")

    def test_a_torn_report_is_a_failure(self):
        self.program("a_test", "fail")
        (self.folder / "a_test.json").write_text("{")
        self.assertEqual(self.counted(), "0 passed, 1 failed")

    def test_a_test_that_is_no_googletest_is_one_case(self):
        self.program("layers_test", "run")
        self.assertEqual(self.counted(), "1 passed, 0 failed")

    def test_no_report_at_all_counts_nothing(self):
        self.assertEqual(str(results.add_up(self.folder / "none.xml", self.folder)), "0 passed, 0 failed")


class Processes(unittest.TestCase):
    def test_stopping_ends_the_children_too(self):
        process = processes.start(["sh", "-c", "sleep 100 & echo $!; wait"], stdout=-1, text=True)
        child = int(process.stdout.readline())
        processes.stop(process)
        process.stdout.close()
        gone = processes.wait_until(lambda: not is_running(child), 5)
        self.assertTrue(gone, "waited for the child to end")

    def test_one_that_ignores_the_polite_signal_is_killed(self):
        process = processes.start(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"], stdout=-1, text=True)
        process.stdout.readline()
        processes.stop(process, patience=0.2)
        process.stdout.close()
        self.assertEqual(process.returncode, -signal.SIGKILL)

    def test_a_port_in_use_is_not_free(self):
        with processes.socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()
            self.assertFalse(processes.is_port_free(server.getsockname()[1]))


class ServiceMakefiles(unittest.TestCase):
    def make(self, service, *words):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        done = subprocess.run(["make", "-C", ROOT / service, "--no-print-directory", *words], check=False, capture_output=True, text=True, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_each_service_has_the_same_commands_for_itself_alone(self):
        services = re.findall(r"^[a-z]\w*", (ROOT / "scripts/services.list").read_text(), re.M)
        self.assertGreaterEqual(len(services), 9)
        for service in services:
            self.assertEqual(re.findall(rf"make -C {service} (\w+)", self.make(service)), ["help", "build", "test", "run"])
            self.assertRegex(self.make(service, "-n", "build"), rf"{ROOT}/scripts/build {service}\n")
            self.assertRegex(self.make(service, "-n", "test"), rf"FILTER='\^{service}_' TARGETS='{service} {service}_tests' {ROOT}/scripts/test\n")
            self.assertRegex(self.make(service, "-n", "run"), rf"{ROOT}/scripts/run service {service}\n")


class Databases(unittest.TestCase):
    def test_what_is_measured_is_set_up_as_what_runs(self):
        source = (ROOT / "pkg/testing/postgres_cluster.cpp").read_text()
        delivered = source.split("case Durability::as_delivered:")[1].split("break;")[0]
        measured = dict(re.findall(r'"(\w+)=([^"]*)"', delivered))
        of_the_place = {"listen_addresses", "jit", "log_min_duration_statement", "log_timezone", "timezone"}
        self.assertEqual(measured, {name: str(value) for name, value in databases.SETTINGS.items() if name not in of_the_place})


def is_running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
