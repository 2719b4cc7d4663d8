"""Holds calls against AWS's own API models, as botocore has them, and quotations against their documentation.

stdin: {"calls": [{"operation": "ec2:CreateVpc", "parameters": {...}, ...}], "quotes": [{"of": "ec2:CreateVpcRequest.CidrBlock", "text": "..."}]}
stdout: {"problems": [{"call": 0, "kind": "required", "says": "..."}], "unfounded": [0]}
Kinds: operation, required, unknown, type, range, enum, pattern. botocore's validator sees the first four of parameters; the rest is walked here.
"""

import json
import re
import sys

import botocore.loaders
import botocore.model
import botocore.validate

KINDS = [
    (r"^Missing required parameter", "required"),
    (r"^Unknown parameter", "unknown"),
    (r"^Invalid (value|length|range)", "range"),
    (r"^Invalid type|^Invalid", "type"),
]

loader = botocore.loaders.Loader()
services = {}


def service(name):
    if name not in services:
        services[name] = botocore.model.ServiceModel(loader.load_service_model(name, "service-2"), name)
    return services[name]


def problems_of(call):
    name, operation = call["operation"].split(":")
    if operation not in service(name).operation_names:
        yield "operation", f"{name} has no {operation}"
        return
    shape = service(name).operation_model(operation).input_shape
    report = botocore.validate.ParamValidator().validate(call["parameters"], shape)
    for line in filter(None, report.generate_report().split("\n")):
        kind = next(kind for pattern, kind in KINDS if re.search(pattern, line))
        yield kind, re.sub(r", must be one of:.*", ", which it does not know", line)
    yield from walked(call["parameters"], shape, "")


def walked(value, shape, path):
    """What botocore leaves to AWS: enumerations, patterns, and the upper ends of ranges."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, item in value.items():
            if key in shape.members:
                yield from walked(item, shape.members[key], f"{path}.{key}".lstrip("."))
    elif shape.type_name == "list" and isinstance(value, list):
        yield from longest(len(value), shape, path)
        for index, item in enumerate(value):
            yield from walked(item, shape.member, f"{path}[{index}]")
    elif shape.type_name == "string" and isinstance(value, str):
        if shape.enum and value not in shape.enum:
            yield "enum", f'{path}: "{value}" is none of {", ".join(shape.enum[:12])}'
        pattern = shape.metadata.get("pattern")
        if pattern and not re.search(python_pattern(pattern), value):
            yield "pattern", f'{path}: "{value}" is not {pattern}'
        yield from longest(len(value), shape, path)
    elif shape.type_name in ("integer", "long") and isinstance(value, int):
        yield from longest(value, shape, path)


def longest(size, shape, path):
    most = shape.metadata.get("max")
    if most is not None and size > most:
        yield "range", f"{path}: {size} is more than {most}"


def python_pattern(pattern):
    """Java's classes of characters, as far as these services use them."""
    return pattern.replace("\\p{L}", "\\w").replace("\\p{N}", "\\d").replace("\\p{Z}", "\\s")


def plain(documentation):
    text = re.sub(r"<[^>]+>", " ", documentation or "")
    return re.sub(r" ([.,])(?=\s|$)", r"\1", re.sub(r"\s+", " ", text.replace("&amp;", "&")))


def is_founded(quote):
    """`of` is service:Operation or service:Shape.Member."""
    name, place = quote["of"].split(":")
    raw = loader.load_service_model(name, "service-2")
    if "." in place:
        shape, member = place.split(".")
        documentation = raw["shapes"][shape]["members"][member].get("documentation")
    else:
        documentation = raw["operations"][place].get("documentation")
    return quote["text"] in plain(documentation)


def main():
    asked = json.load(sys.stdin)
    problems = [
        {"call": index, "kind": kind, "says": says}
        for index, call in enumerate(asked["calls"])
        for kind, says in problems_of(call)
    ]
    unfounded = [index for index, quote in enumerate(asked["quotes"]) if not is_founded(quote)]
    json.dump({"problems": problems, "unfounded": unfounded}, sys.stdout)


main()
