"""scripts/new-service, in a copy of the tree: what it makes passes the checks of the text, is configured, builds, and passes its tests.

    new_service_test.py OUT_FOLDER

Of one of the two all layers are compiled here, and the tests of its rules and use cases run. MALL_TEST_WHOLE=1 builds and runs everything of both:
that needs the whole toolkit once more.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPY = pathlib.Path(sys.argv[1]).resolve()
WHOLE = os.environ.get("MALL_TEST_WHOLE", "") not in ("", "0")
# This run's own results are counted, not those of the tests within.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GTEST_")}


def copy_tree():
    shutil.rmtree(COPY, ignore_errors=True)
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard"], check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, COPY / name)
    (COPY / ".deps").symlink_to(ROOT / ".deps")  # the set-up's: its nats-server
    subprocess.run(["git", "init", "-q", COPY], check=True)


def run(*command):
    done = subprocess.run([str(word) for word in command], cwd=COPY, check=False, capture_output=True, text=True, env=ENVIRONMENT)
    return done.returncode, done.stdout + done.stderr


def new_service(*words):
    return run("scripts/new-service", *words)


def state():
    """What could have been touched."""
    files = ("scripts/services.list", "mallbots/main.cpp", "deploy/nginx/nginx.conf.template")
    return {path.name for path in COPY.iterdir()}, [(COPY / name).read_text() for name in files]


class ARefusal(unittest.TestCase):
    def test_what_cannot_be_made_changes_nothing_and_says_what_to_do(self):
        before = state()
        for words, said in {("Reviews",): "lower case letters", ("a",): "2 to 30", ("gift-cards",): "lower case letters", ("namespace",): "take another name",
                            ("baskets",): "already", ("pkg",): "already", ("wishes", "wishList"): "begin with a capital",
                            ("wishes", "Event"): "second argument", ("wishes", "Order"): "served by ordering"}.items():
            code, output = new_service(*words)
            self.assertNotEqual(code, 0, words)
            self.assertIn(said, output, words)
            self.assertNotIn("Traceback", output, words)
        self.assertEqual(state(), before)

    def test_help_is_told_and_wrong_use_is_not_a_success(self):
        self.assertEqual(new_service("--help")[0], 0)
        self.assertIn("scripts/new-service NAME", new_service("--help")[1])
        self.assertEqual(new_service()[0], 2)


class Made(unittest.TestCase):
    """Two at once: a service called like its aggregate, and one whose aggregate has a longer name of two words."""

    @classmethod
    def setUpClass(cls):
        for words in (("reviews",), ("gifts", "GiftCard")):
            code, output = new_service(*words)
            if code:
                raise AssertionError(output)

    def test_a_it_passes_the_checks_of_the_text(self):
        if not shutil.which("clang-format-19"):
            self.skipTest("clang-format-19 is not installed; make lint-quick brings it")
        code, output = run("scripts/lint", "--quick")
        self.assertEqual(code, 0, output)

    def test_b_each_has_ports_of_its_own(self):
        ports = re.findall(r"\d{4}", (COPY / "scripts/services.list").read_text())
        self.assertEqual(len(ports), len(set(ports)))

    def test_c_it_is_configured_builds_and_passes_its_tests(self):
        # A library waits for no other then, so the new layers are compiled without the toolkit.
        code, output = run("cmake", "--preset", "release", "-DCMAKE_OPTIMIZE_DEPENDENCIES=" + ("OFF" if WHOLE else "ON"))
        self.assertEqual(code, 0, output)
        targets = ["reviews", "reviews_tests", "gifts", "gifts_tests"] if WHOLE else ["gifts_domain_test", "gifts_app_test", "gifts_adapters", "gifts_ports", "gifts_agent"]
        code, output = run("cmake", "--build", "--preset", "release", "-j", max(2, os.cpu_count() or 1), "--target", *targets)
        self.assertEqual(code, 0, output)
        code, output = run("ctest", "--preset", "release", "--no-tests=error", "-R", "^(reviews|gifts)_" if WHOLE else "^gifts_(domain|app)_test")
        self.assertEqual(code, 0, output)
        self.assertIn(f"out of {10 if WHOLE else 2}", output)
        code, output = run("cmake", "--build", "--preset", "release", "--target", "gifts_tests", "--", "-n")  # what make -C gifts test builds
        self.assertEqual(code, 0, output)


if __name__ == "__main__":
    copy_tree()
    unittest.main(argv=[sys.argv[0]])
