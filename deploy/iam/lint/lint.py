# Holds the written policies against parliament, a linter of IAM policies with its own copy of AWS's reference. The last lines count as mocha's do.
import json
import pathlib
import re
import sys

import parliament

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "policies"


def met_elsewhere(wanted, policy):
    """The linter wants every resource of an action in one statement; here each stands under its own condition, in a statement of its own."""
    statements = [one for one in policy["Statement"] if one["Effect"] == "Allow" and wanted["action"] in one["Action"]]
    kind = re.sub(r"[:/]\*$", "", wanted["required_format"])
    pattern = re.compile(".*".join(re.escape(part) for part in kind.split("*")) + "[:/]")
    return any(pattern.match(resource) for one in statements for resource in one["Resource"])


def only_reads(actions):
    """Lists are asked for as a whole, and change nothing."""
    return all(re.match(r"\w+:(Describe|List|Get)", action) for action in actions)


def is_none(finding, policy):
    if finding.issue == "RESOURCE_MISMATCH":
        return all(met_elsewhere(wanted, policy) for wanted in finding.detail)
    if finding.issue == "RESOURCE_STAR":
        return only_reads(finding.detail)
    return False


def findings_of(text):
    policy = parliament.analyze_policy_string(text)
    found = [parliament.enhance_finding(one) for one in policy.findings if not is_none(one, json.loads(text))]
    return [f"{one.issue}: {one.title} {one.detail} {json.dumps(one.location)}" for one in found]


def main():
    paths = sorted(FOLDER.glob("*.json"))
    failing = 0
    for path in paths:
        findings = findings_of(path.read_text())
        failing += 1 if findings else 0
        for finding in findings:
            print(f"{path.name}: {finding}", file=sys.stderr)
    print(f"  {len(paths) - failing} passing")
    print(f"  {failing} failing")
    raise SystemExit(0 if paths and failing == 0 else 1)


if __name__ == "__main__":
    main()
