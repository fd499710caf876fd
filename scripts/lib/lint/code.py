"""What may not stand in code."""

import re

from . import CODE, CPP, Finding, check, code_only, grep, is_test

_CORE = r"^\w+/internal/(domain|app)/"


def _core(text):
    return {"baskets/internal/domain/basket.cpp": text}


@check("no-floating-point",
       bad=[_core("double total = 0;\n"), {"a/apb/api.proto": "message M {\n  float price = 1;\n}\n"},
            {"a/internal/adapters/migrations/001.sql": "CREATE TABLE t (price double precision);\n"}],
       good=[_core("// double the price\nauto a = \"float\";\n"), {"pkg/metrics/metrics.cpp": "double seconds = 0;\n"},
             {"pkg/json/testing/things.proto": "message M {\n  float f = 1;\n}\n"},
             {"a/internal/adapters/migrations/001.sql": "-- a real price\nCREATE TABLE t (price bigint);\n"}])
def no_floating_point(tree):
    places = [*grep(tree, r"\b(float|double)\b", _CORE), *grep(tree, r"\b(float|double)\b", suffixes=(".proto",), also_tests=False),
              *grep(tree, r"(?i)\b(real|float[48]?|double precision|money)\b", r"/migrations/", (".sql",))]
    for path, line, _ in places:
        yield Finding(path, line, "floating point; money and quantities are integers")


@check("no-default", bad=[_core("  switch (s) {\n    default: return;\n  }\n")], good=[_core("A() = default;\n")])
def no_default(tree):
    for path, line, _ in grep(tree, r"\bdefault\s*:", _CORE):
        yield Finding(path, line, "default: hides a state or event that is added later; list them all")


@check("no-ambient-input",
       bad=[_core("auto t = std::chrono::system_clock::now();\n"), _core("std::random_device d;\n"), _core('auto e = std::getenv("A");\n')],
       good=[_core("auto t = clock.now();\n")])
def no_ambient_input(tree):
    for path, line, _ in grep(tree, r"::now\(|random_device|\bgetenv\b|\btime\(nullptr\)|\brand\(", _CORE, also_tests=False):
        yield Finding(path, line, "time, randomness and configuration come in as arguments")


@check("no-sleep-in-tests",
       bad=[{"pkg/a/a_test.cpp": "std::this_thread::sleep_for(1ms);\n"}, {"tests/mall.cpp": "usleep(10);\n"}],
       good=[{"pkg/a/a.cpp": "std::this_thread::sleep_for(1ms);\n"}, {"pkg/a/a_test.cpp": "// no sleep_for here\n"},
             {"pkg/testing/wait.hpp": "while (!done()) std::this_thread::sleep_for(1ms);\n"}])
def no_sleep_in_tests(tree):
    for path, line, _ in grep(tree, r"\b(sleep_for|sleep_until|usleep|nanosleep)\b|[^\w.]sleep\("):
        if is_test(path) and not path.startswith("pkg/testing/"):  # where the waiting for conditions is written
            yield Finding(path, line, "a test waits for a condition with a limit (pkg/testing), never for time")


@check("shared-ptr-names-sharers",
       bad=[{"pkg/a/a.hpp": "#pragma once\n\nstd::shared_ptr<int> x;\n"},
            {"pkg/a/a.hpp": "std::shared_ptr<int> x;  // the pool and its loans\n", "pkg/b/b.cpp": "std::shared_ptr<int> x;\n"},
            {"pkg/a/a.hpp": "std::shared_ptr<int> x;  // the pool and its loans\nstd::shared_ptr<Loan> y;\n"}],
       good=[{"pkg/a/a.hpp": "#pragma once\n// Shared by the reader and the writer.\nstd::shared_ptr<int> x;\n"},
             {"pkg/a/a.hpp": "std::shared_ptr<int> x;  // the pool and its loans\n", "pkg/a/a.cpp": "f(std::make_shared<int>(1));\n"},
             {"pkg/a/a_test.cpp": "std::shared_ptr<int> x;\n"}])
def shared_ptr_names_sharers(tree):
    """Once for each type in each folder; told at the first place where that is missing."""
    first, explained = {}, set()
    for path, line, text in grep(tree, r"\b(shared_ptr|make_shared)\s*<", also_tests=False):
        before = tree.files[path].splitlines()[line - 2] if line > 1 else ""
        for kind in re.findall(r"\b(?:shared_ptr|make_shared)\s*<\s*(?:const\s+)?([\w:]*\w)", text):
            what = (path.rsplit("/", 1)[0], kind.split("::")[-1])
            first.setdefault(what, (path, line))
            if "//" in text or before.lstrip().startswith("//"):
                explained.add(what)
    for what, (path, line) in sorted(first.items()):
        if what not in explained:
            yield Finding(path, line, f"no comment in this folder says who shares a shared_ptr<{what[1]}>: put one beside it, or on the line before")


@check("pragma-once", bad=[{"pkg/a/a.hpp": "int a();\n"}], good=[{"pkg/a/a.hpp": "#pragma once\nint a();\n"}])
def pragma_once(tree):
    for path, text in tree.matching(suffixes=(".hpp",)):
        if not re.search(r"^#pragma once$", text, re.M):
            yield Finding(path, 1, "a header without #pragma once")


@check("no-exceptions-of-ours",
       bad=[_core("throw std::runtime_error(\"x\");\n")], good=[_core("// may throw\n"), {"pkg/a/a.cpp": "throw 1;\n"}])
def no_exceptions_of_ours(tree):
    for path, line, _ in grep(tree, r"\bthrow\b", _CORE):
        yield Finding(path, line, "errors of the core are values")


@check("no-macros",
       bad=[{"pkg/a/a.hpp": "#pragma once\n#define A 1\n"}], good=[{"pkg/a/a.cpp": "#ifdef __linux__\n#endif\n"}])
def no_macros(tree):
    for path, line, _ in grep(tree, r"^\s*#\s*define\b"):
        yield Finding(path, line, "a macro; use constexpr, a template or a function")


@check("short-files",
       bad=[{"pkg/a/a.cpp": "\n" * 401}, {"a/cmd/service/main.cpp": "\n" * 41}],
       good=[{"pkg/a/a.cpp": "\n" * 400}, {"docs/long.md": "\n" * 900}])
def short_files(tree):
    for path, text in tree.matching(suffixes=CODE):
        most = 40 if re.search(r"/cmd/service/main\.cpp$", path) else 400
        if text.count("\n") > most:
            yield Finding(path, most, f"longer than {most} lines")


@check("snake-case-files", bad=[{"pkg/a/BasketStore.cpp": ""}], good=[{"pkg/a/basket_store.cpp": ""}])
def snake_case_files(tree):
    for path, _ in tree.matching(suffixes=CPP + (".proto",)):
        if not re.fullmatch(r"[a-z0-9_]+\.\w+", path.split("/")[-1]):
            yield Finding(path, 1, "files are named in snake_case")


@check("test-names-are-sentences",
       bad=[{"pkg/a/a_test.cpp": "TEST(Money, plus) {}\n"}, {"pkg/a/a_test.cpp": "TEST(Money, Test1) {}\n"}],
       good=[{"pkg/a/a_test.cpp": "TEST(Money, AddsWithinOneCurrency) {}\n"}])
def test_names_are_sentences(tree):
    for name, text in tree.matching(suffixes=(".cpp",)):
        for match in re.finditer(r"^(?:TYPED_)?TEST(?:_[FP])?\(\s*\w+\s*,\s*(\w+)\s*\)", code_only(text), re.M):
            if not re.fullmatch(r"(?:[A-Z0-9][a-z0-9]*){2,}", match.group(1)) or match.group(1).startswith("Test"):
                yield Finding(name, text[:match.start()].count("\n") + 1, f"{match.group(1)} is no sentence about what happens")
