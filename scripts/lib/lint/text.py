"""What may not stand in any file."""

import re

from . import Finding, check, grep

# Written in pieces, so that this file does not hold what it looks for.
_LEFT_TO_DO = r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b"
_REGISTRIES = [r"\.".join(host) for host in (
    ("deb", "debian", "org"), ("security", "debian", "org"), ("snapshot", "debian", "org"), ("pypi", "org"), ("pythonhosted", "org"),
    ("npmjs", "org"), ("crates", "io"), ("proxy", "golang", "org"), ("sum", "golang", "org"), ("maven", "apache", "org"),
    ("maven", "org"))]
_MACHINE_PATHS = r"(?<![\w.$}/-])/(" + "|".join(("ho" + "me", "ro" + "ot", "Us" + "ers", "wo" + "rk")) + r")/\w"


@check("nothing-left-to-do", bad=[{"pkg/a/a.cpp": "// TO" + "DO: later\n"}], good=[{"pkg/a/a.cpp": "// todo lists are a domain\n"}])
def nothing_left_to_do(tree):
    for path, line, _ in grep(tree, _LEFT_TO_DO, suffixes=None, raw=True):
        yield Finding(path, line, "left to do; do it, or write an issue")


@check("no-registry-hosts",
       bad=[{"scripts/setup": "curl https://" + ".".join(("deb", "debian", "org")) + "/x\n"}],
       good=[{"README.md": "apt-get install\n"}])
def no_registry_hosts(tree):
    for path, line, _ in grep(tree, "|".join(_REGISTRIES), suffixes=None, raw=True):
        yield Finding(path, line, "names a package registry's host; use the machine's own settings")


@check("no-machine-paths",
       bad=[{"docs/a.md": "see /ro" + "ot/mall\n"}, {"scripts/a.sh": "cd /ho" + "me/me/mall\n"}],
       good=[{"docs/a.md": "see build/release/bin\n"}, {"scripts/a.sh": "cd $here/work/x\n"}])
def no_machine_paths(tree):
    for path, line, _ in grep(tree, _MACHINE_PATHS, suffixes=None, raw=True):
        yield Finding(path, line, "an absolute path of one machine")


@check("ends-with-newline", bad=[{"docs/a.md": "text"}, {"docs/a.md": "text \n"}], good=[{"docs/a.md": "text\n"}, {"a": ""}])
def ends_with_newline(tree):
    for path, text in tree.matching():
        if text and not text.endswith("\n"):
            yield Finding(path, text.count("\n") + 1, "no newline at the end")
    for path, line, _ in grep(tree, r"[ \t]+$", suffixes=None, raw=True):
        yield Finding(path, line, "blanks at the end of the line")


@check("readme-paths-exist",
       bad=[{"README.md": "see [this](docs/none.md)\n"}],
       good=[{"README.md": "see [this](docs/a.md) and [that](https://example.org/x)\n", "docs/a.md": ""}])
def readme_paths_exist(tree):
    for path, text in tree.matching(suffixes=(".md",)):
        folder = path.rsplit("/", 1)[0] + "/" if "/" in path else ""
        for match in re.finditer(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
            target = _resolve(folder + match.group(1))
            if target and target not in tree.files and not any(name.startswith(target + "/") for name in tree.files):
                yield Finding(path, text[:match.start()].count("\n") + 1, f"links to {match.group(1)}, which is not there")


@check("anchors-exist",
       bad=[{"README.md": "see [this](docs/a.md#none)\n", "docs/a.md": "# Some words\n"}, {"README.md": "[here](#none)\n\n# A word\n"}],
       good=[{"README.md": "see [this](docs/a.md#one-services-tree-2)\n", "docs/a.md": "# One service's tree (2)\n"},
             {"README.md": "[here](#a-word) and [there](https://example.org/#none)\n\n# A `word`\n"}])
def anchors_exist(tree):
    for path, text in tree.matching(suffixes=(".md",)):
        folder = path.rsplit("/", 1)[0] + "/" if "/" in path else ""
        for match in re.finditer(r"\]\(([^)#:\s]*)#([^)\s]+)\)", text):
            target = _resolve(folder + match.group(1)) if match.group(1) else path
            if target in tree.files and match.group(2) not in _anchors(tree.files[target]):
                yield Finding(path, text[:match.start()].count("\n") + 1, f"links to the heading #{match.group(2)}, which {target} does not have")


def _anchors(text):
    """The headings' names in links, as the usual viewers make them."""
    headings = re.findall(r"^#+ +(.*?) *$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _resolve(path):
    parts = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
