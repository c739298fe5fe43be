#!/usr/bin/env python3
"""Writes the first texts of each target: every definition and formula of the pages and examples.

    python3 tests/fuzz/corpus.py OUT
"""

import hashlib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = pathlib.Path(sys.argv[1])


def put(target, text):
    folder = OUT / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(text.encode()).hexdigest()).write_text(text)


def formulas(text):
    for found in re.finditer(r"^\s*(?:formula|where|keep where|expression):?\s+(.+?)\s*;?$", text, re.MULTILINE):
        put("formula", found[1].strip("'\""))


for page in sorted(ROOT.glob("specs/**/*.md")) + sorted(ROOT.glob("tests/cases/**/*.md")) + [ROOT / "README.md"]:
    for section in re.split(r"^#+ .*$", page.read_text(), flags=re.MULTILINE):
        files = []
        for found in re.finditer(r"(?:^`([^`\n]+)`:\n+)?^```(peil|yaml)[^\n]*\n(.*?)^```", section, re.MULTILINE | re.DOTALL):
            path, kind, text = found[1] or f"definitions.{found[2]}", found[2], found[3]
            put("dsl" if kind == "peil" else "yaml", text)
            formulas(text)
            files.append(f"=== {path}\n{text}")
        if files:
            put("project", "".join(files))
for example in sorted((ROOT / "examples").iterdir()):
    files = []
    for file in sorted(example.glob("**/*.peil")) + sorted(example.glob("**/*.yaml")):
        text = file.read_text()
        put("dsl" if file.suffix == ".peil" else "yaml", text)
        formulas(text)
        files.append(f"=== {file.relative_to(example)}\n{text}")
    put("project", "".join(files))
