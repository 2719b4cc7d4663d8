// Resources that are only records in this cloud (gateways, route tables, subnet and parameter groups, key pairs), the
// caller's identity, and tags, which every kind of resource has.
import { CloudError } from "./api";
import type { Tags, Thing } from "./api";
import { found, zones } from "./network/service";
import type { CloudContext, Service } from "./service";

const account = "123456789012";

export function thingsService(
    context: CloudContext,
    byId: Record<string, Thing>,
    tagged: (id: string) => { tags: Tags } | undefined,
): Service {
    const thing = (id: string): Thing => found(byId[id], "ResourceNotFoundException", `There is no '${id}'`);
    return {
        handlers: {
            GetCallerIdentity: async () => ({
                account,
                arn: `arn:aws:iam::${account}:user/rehearsal`,
                userId: "AIDAREHEARSAL",
            }),
            DescribeAvailabilityZones: async () => ({ names: zones }),
            async CreateThing({ type, properties }) {
                const id = context.newId(kindOf(type));
                byId[id] = { id, type, properties };
                return byId[id];
            },
            DescribeThing: async ({ id }) => thing(id),
            async ModifyThing({ id, properties }) {
                thing(id).properties = properties;
                return thing(id);
            },
            async DeleteThing({ id }) {
                thing(id);
                delete byId[id];
                return {};
            },
            async SetTags({ id, tags }) {
                const holder = tagged(id);
                if (holder) {
                    holder.tags = tags;
                } else if (byId[id]) {
                    byId[id].properties = { ...byId[id].properties, tags };
                } else {
                    throw new CloudError("InvalidID", `The ID '${id}' is not valid`);
                }
                return {};
            },
        },
        start: async () => undefined,
        stop: async () => undefined,
        members: () => [],
        tagged: () => undefined,
    };
}

/** AWS's own prefixes where a person would look for them: "aws:ec2/natGateway:NatGateway" → "nat". */
function kindOf(type: string): string {
    const name = type.split(":").pop() ?? type;
    const known: Record<string, string> = {
        InternetGateway: "igw",
        NatGateway: "nat",
        RouteTable: "rtb",
        RouteTableAssociation: "rtbassoc",
        Eip: "eipalloc",
        KeyPair: "key",
        VpcEndpoint: "vpce",
        NetworkAcl: "acl",
    };
    return known[name] ?? name.toLowerCase();
}
