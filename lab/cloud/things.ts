// Resources that are only records in this cloud (gateways, route tables, subnet and parameter groups, key pairs), the
// caller's identity, and tags, which every kind of resource has.
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
    const known = (id: string) => found(tagged(id) ?? byId[id], "InvalidID.NotFound", `The ID '${id}' is not valid`);
    const tagsOf = (id: string): Tags => {
        const holder = known(id);
        return ("tags" in holder ? holder.tags : (holder.properties.tags as Tags | undefined)) ?? {};
    };
    const setTags = (id: string, tags: Tags): void => {
        const holder = known(id);
        if ("tags" in holder) {
            holder.tags = tags;
        } else {
            holder.properties = { ...holder.properties, tags };
        }
    };
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
                setTags(id, tags);
                return {};
            },
            async SetTag({ id, key, value }) {
                const others = Object.entries(tagsOf(id)).filter(([other]) => other !== key);
                setTags(id, Object.fromEntries(value === undefined ? others : [...others, [key, value]]));
                return {};
            },
            DescribeTags: async ({ id }) => ({ tags: tagsOf(id) }),
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
