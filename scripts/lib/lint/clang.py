"""The checks that the compilers make: format, clang-tidy, and that every header compiles alone."""

import concurrent.futures
import json
import os
import re
import shlex
import subprocess

from . import CPP

FORMATTED = CPP


def check_format(root, paths, fix):
    """Paths that clang-format would write differently; with `fix` it writes them."""
    paths = [path for path in paths if path.endswith(FORMATTED)]
    if not paths:
        return []
    if fix:
        subprocess.run(["clang-format-19", "-i", *paths], cwd=root, check=True)
        return []
    done = subprocess.run(["clang-format-19", "--dry-run", "--Werror", *paths], cwd=root, check=False, capture_output=True, text=True)
    return sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", done.stderr, re.M)))


def clang_commands(root, preset):
    """Writes the build's compile commands the way clang understands them (no launcher, none of GCC's precompiled headers) and
    gives the folder and the files it knows."""
    source = root / "build" / preset / "compile_commands.json"
    out = root / "build" / "lint"
    out.mkdir(parents=True, exist_ok=True)
    entries = []
    for entry in json.loads(source.read_text()):
        words = shlex.split(entry["command"])
        compiler = next(at for at, word in enumerate(words) if re.search(r"/(c\+\+|g\+\+|gcc|cc)$", word))
        kept, words = [], words[compiler:]
        while words:
            word = words.pop(0)
            if word == "-include" and "cmake_pch" in words[0]:
                words.pop(0)
            elif word != "-Winvalid-pch" and not word.startswith("-fsanitize"):
                kept.append(word)
        entries.append({"directory": entry["directory"], "file": entry["file"], "arguments": kept})
    (out / "compile_commands.json").write_text(json.dumps(entries))
    return out, [entry["file"] for entry in entries]


def _in_parallel(work, items):
    with concurrent.futures.ThreadPoolExecutor(max(1, os.cpu_count() or 1)) as pool:
        return [output for output in pool.map(work, items) if output]


def units_to_tidy(root, known, changed):
    """Of the compiled files those that changed, or that include a header which did. None: all."""
    ours = [path for path in known if path.endswith(".cpp") and not path.startswith(str(root / "build"))]
    if changed is None:
        return ours
    headers = [path for path in changed if path.endswith(".hpp")]
    picked = []
    for path in ours:
        name = os.path.relpath(path, root)
        with open(path, encoding="utf-8") as source:
            text = source.read() if headers else ""
        if name in changed or any(f'#include "{header}"' in text for header in headers):
            picked.append(path)
    return picked


def tidy(root, commands, units):
    def one(unit):
        done = subprocess.run(["clang-tidy-19", "-p", str(commands), "--quiet", "--warnings-as-errors=*", unit], cwd=root, check=False,
                              capture_output=True, text=True)
        return "" if done.returncode == 0 else done.stdout + re.sub(r"^\d+ warnings?.*\n|^Suppressed.*\n", "", done.stderr, flags=re.M)

    return _in_parallel(one, units)


def headers_alone(root, preset, headers):
    """Compiles each header as if it were a whole file."""
    include = ["-I", str(root), "-isystem", str(root / "build" / preset / "gen")]

    def one(header):
        done = subprocess.run(["g++", "-std=c++23", "-fsyntax-only", *include, "-include", header, "-x", "c++", os.devnull], cwd=root,
                              check=False, capture_output=True, text=True)
        return "" if done.returncode == 0 else f"{header} does not compile alone:\n{done.stderr}"

    return _in_parallel(one, headers)
