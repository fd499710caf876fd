"""Adds up what ctest and the test programs report, one case at a time."""

import dataclasses
import json
import pathlib
import xml.etree.ElementTree as xml


@dataclasses.dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self):
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


def _cases(report):
    """Counts a GoogleTest report's cases."""
    count = Count()
    for suite in json.loads(report.read_text())["testsuites"]:
        for case in suite["testsuite"]:
            if case.get("failures"):
                count.failed += 1
            elif case["status"] == "NOTRUN" or case["result"] in ("SKIPPED", "SUPPRESSED"):
                count.skipped += 1
            else:
                count.passed += 1
    return count


def add_up(ctest_report, reports):
    """Counts all cases of a run. A test program that left no report and failed (it crashed, say, or hung) is one failed case, and
    so is one that failed although its cases passed; a program that is no GoogleTest is one case."""
    total = Count()
    if not pathlib.Path(ctest_report).exists():
        return total
    for entry in xml.parse(ctest_report).getroot().iter("testcase"):
        status = entry.get("status")
        report = pathlib.Path(reports) / f"{entry.get('name')}.json"
        try:
            count = _cases(report) if report.exists() else Count()
        except (ValueError, KeyError):
            count = Count()
        if status == "fail" and count.failed == 0:
            count.failed = 1
        elif status == "run" and not report.exists():
            count.passed = 1
        elif status not in ("run", "fail"):
            count.skipped += 1
        total.passed += count.passed
        total.failed += count.failed
        total.skipped += count.skipped
    return total
