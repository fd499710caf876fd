"""The machinery of the fuzz targets can fail: it is given a target with two planted bugs, and has to find and keep both."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)


def run(folder, *arguments, **more):
    environment = os.environ | {"TMPDIR": str(folder), "MALL_FUZZ_MUTATIONS": "20000"} | more
    environment.pop("GTEST_OUTPUT", None)
    return subprocess.run([PROGRAM, *arguments], env=environment, capture_output=True, text=True, check=False)


class Machinery(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_the_corpus_alone_is_harmless(self):
        done = run(self.folder, "--gtest_filter=*OnTheCorpus")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_planted_bug_is_found_and_its_input_kept(self):
        done = run(self.folder)
        self.assertNotEqual(done.returncode, 0, "no planted bug was found")
        kept = list(self.folder.iterdir())
        self.assertEqual(len(kept), 1, done.stderr)
        self.assertIn(f"the input is kept: {PROGRAM} {kept[0]} runs it again", done.stderr)
        self.assertRegex(kept[0].read_bytes(), rb"^bug[?!]")
        self.assertNotEqual(run(self.folder, kept[0]).returncode, 0, "the kept input does not fail again")

    def test_each_planted_bug_ends_the_process(self):
        for text in ("bug?", "bug!") if "address" in os.environ.get("FUZZ_SANITIZE", "") else ("bug?",):
            (self.folder / "input").write_text(text)
            self.assertNotEqual(run(self.folder, self.folder / "input").returncode, 0, text)

    def test_a_missing_corpus_is_a_failure(self):
        with tempfile.TemporaryDirectory() as elsewhere:
            done = subprocess.run([pathlib.Path(PROGRAM).resolve()], cwd=elsewhere, capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no corpus for planted", done.stdout)


if __name__ == "__main__":
    unittest.main()
