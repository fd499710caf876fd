"""Our own checks of the tree. Each is a function from a tree to findings, declared with trees that it must and must not accept:
the self-test feeds them, so no check can go blind unnoticed."""

import dataclasses
import functools
import pathlib
import re

SERVICES = tuple(re.findall(r"^[a-z]\w*", pathlib.Path(__file__).parents[2].joinpath("services.list").read_text(), re.M))
CPP = (".cpp", ".hpp")
CODE = CPP + (".proto", ".sql", ".py", ".sh", ".cmake", ".ts", ".tsx", ".js", ".css")


@dataclasses.dataclass(frozen=True)
class Finding:
    path: str
    line: int
    text: str


@dataclasses.dataclass(frozen=True)
class Check:
    name: str
    run: callable
    bad: tuple
    good: tuple


CHECKS = []


def check(name, bad, good=()):
    """Declares a check. `bad`: trees (path: text) that give a finding each; `good`: trees that give none."""

    def declare(function):
        CHECKS.append(Check(name, function, tuple(bad), tuple(good)))
        return function

    return declare


class Tree:
    """The files to look at: path in the repository to text."""

    def __init__(self, files):
        self.files = files

    def matching(self, pattern=r"", suffixes=None):
        return [(path, text) for path, text in sorted(self.files.items())
                if re.search(pattern, path) and (suffixes is None or path.endswith(suffixes))]


_TOKENS = re.compile(r'''//[^\n]*|/\*.*?\*/|R"\((?:.*?)\)"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|--[^\n]*|\#[^\n]*''', re.S)


@functools.lru_cache(maxsize=None)
def code_only(text, language="cpp"):
    """The text with comments and strings blanked, line by line as it was. Includes and other directives of C++ stay."""

    def blank(match):
        token = match.group()
        if (token.startswith("--") and language != "sql") or (token.startswith("#") and language != "shell"):
            return token
        if token.startswith("//") and language in ("sql", "shell"):
            return token
        return re.sub(r"[^\n]", " ", token)

    return _TOKENS.sub(blank, text)


def language_of(path):
    return "sql" if path.endswith(".sql") else "shell" if path.endswith((".sh", ".py", ".cmake")) else "cpp"


def is_test(path):
    return bool(re.search(r"_(\w*test|bench)\.cpp$|(^|/)(tests|testing)/", path))


def grep(tree, pattern, path=r"", suffixes=CPP, raw=False, also_tests=True):
    """Findings' places: (path, line number, line as written) where the code matches."""
    wanted = re.compile(pattern)
    for name, text in tree.matching(path, suffixes):
        if not also_tests and is_test(name):
            continue
        lines = text.splitlines()
        looked_at = lines if raw else code_only(text, language_of(name)).splitlines()
        for number, line in enumerate(looked_at, 1):
            if wanted.search(line):
                yield name, number, lines[number - 1]


def is_excused(tree, finding, name):
    """A line may break a rule where it, or the line before, says `lint-allow: check-name: why`."""
    lines = tree.files.get(finding.path, "").splitlines()
    for line in lines[max(0, finding.line - 2):finding.line]:
        if re.search(rf"lint-allow: {re.escape(name)}: \S", line):
            return True
    return False


def findings_of(one, tree):
    return [finding for finding in one.run(tree) if not is_excused(tree, finding, one.name)]


def self_test():
    """What is wrong with the checks themselves, one line each."""
    wrong = []
    for one in CHECKS:
        if not one.bad:
            wrong.append(f"{one.name}: has no case that makes it fail")
        for case in one.bad:
            if not findings_of(one, Tree(case)):
                wrong.append(f"{one.name}: accepts {case}")
        for case in one.good:
            for finding in findings_of(one, Tree(case)):
                wrong.append(f"{one.name}: refuses {case}: {finding.text}")
    return wrong
