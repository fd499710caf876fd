"""Where things stand: who knows one service knows all."""

import re
import tomllib

from . import SERVICES, Finding, check, grep

# What every service has, under the same name.
_REQUIRED = ("CMakeLists.txt", "Makefile", "app.env", "cmd/service/main.cpp", "internal/agent/agent.hpp", "internal/agent/agent.cpp",
             "internal/app/app.hpp")
# What may stand under internal/; one folder a role.
_FOLDERS = re.compile(r"internal/(domain|app|app/commands|app/queries|app/testing|domain/testing|constants|ports/grpc|ports/rest|ports/handlers|"
                      r"adapters/(migrations|pg|grpc|[a-z]+)|agent)/[^/]+$")
_WHOLE = {f"baskets/{name}": "" for name in _REQUIRED}


@check("pkg-has-readme", bad=[{"pkg/ids/id.hpp": ""}], good=[{"pkg/ids/id.hpp": "", "pkg/ids/README.md": ""}, {"pkg/CMakeLists.txt": ""}])
def pkg_has_readme(tree):
    for concept in sorted({path.split("/")[1] for path, _ in tree.matching(r"^pkg/\w+/")}):
        if f"pkg/{concept}/README.md" not in tree.files:
            yield Finding(f"pkg/{concept}", 1, "no README.md: what it promises, how to use it, what does not belong")


@check("pkg-names-a-concept", bad=[{"pkg/" + "utils/a.hpp": ""}], good=[{"pkg/ids/id.hpp": ""}])
def pkg_names_a_concept(tree):
    for path, _ in tree.matching(r"^pkg/(utils?|common|helpers?|misc|base|core|shared)/"):
        yield Finding(path, 1, "pkg/ is named by concept")


@check("pkg-has-no-business-words",
       bad=[{"pkg/a/a.cpp": "int basket_count;\n"}], good=[{"pkg/a/a.cpp": "int count;  // of baskets, say\n"}, {"pkg/a/a_test.cpp": "int basket;\n"}])
def pkg_has_no_business_words(tree):
    for path, line, _ in grep(tree, r"(?i)(basket|shopping|invoice|payment|checkout)", r"^pkg/", also_tests=False):
        yield Finding(path, line, "a business word in the toolkit")


@check("same-files-in-every-service",
       bad=[{name: "" for name in _WHOLE if "agent.hpp" not in name}, _WHOLE | {"baskets/internal/stuff/a.cpp": ""}],
       good=[_WHOLE | {"baskets/internal/app/commands/add_item.cpp": ""}])
def same_files_in_every_service(tree):
    for service in SERVICES:
        if tree.matching(rf"^{service}/cmd/"):  # before that it is still being made
            for name in _REQUIRED:
                if f"{service}/{name}" not in tree.files:
                    yield Finding(f"{service}/{name}", 1, "every service has this file")
        for path, _ in tree.matching(rf"^{service}/internal/"):
            if not _FOLDERS.match(path[len(service) + 1:]) and not path.endswith("CMakeLists.txt"):
                yield Finding(path, 1, "not a folder that a service has (scripts/lib/lint/shape.py lists them)")


def _mutations(text, place):
    return {"tests/mutations/mutations.toml": f'[a]\nbreaks = "b"\nin = "pkg/a/a.cpp"\nreplace = "{text}"\nby = ""\ntest = ["a_test"]\n',
            "pkg/a/a.cpp": place}


@check("mutations-apply", bad=[_mutations("x = 1;", "x = 2;\n"), _mutations("x = 1;", "x = 1; x = 1;\n")], good=[_mutations("x = 1;", "x = 1;\n")])
def mutations_apply(tree):
    for path, text in tree.matching(r"^tests/mutations/mutations.toml$"):
        for name, mutation in tomllib.loads(text).items():
            count = tree.files.get(mutation["in"], "").count(mutation["replace"])
            if count != 1:
                line = text[:text.index(f"[{name}]")].count("\n") + 1
                yield Finding(path, line, f"[{name}]: its text stands {count} times in {mutation['in']}: the mutation has to follow the code")
