// Resources that are only records in this cloud (gateways, route tables, subnet and parameter groups, key pairs), the
// caller's identity, and tags, which every kind of resource has.
import type { Tags, Thing } from "./api";
import { found, zones } from "./network/records";
import type { CloudContext, Service } from "./service";
import { completed, kindOf } from "./thingKinds";

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
    const applyRoutes = async (type: string): Promise<void> => {
        if (kindOf(type).routes) await context.applyRoutes();
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
                const { prefix, named, refuses } = kindOf(type);
                const refusal = refuses?.(properties, Object.values(byId));
                if (refusal) throw refusal;
                const id = named ? String(properties.name) : context.newId(prefix);
                byId[id] = completed(type, id, properties, context);
                await applyRoutes(type);
                return byId[id];
            },
            DescribeThing: async ({ id }) => thing(id),
            DescribeThings: async ({ type }) => ({
                things: Object.values(byId).filter((one) => one.type === type),
            }),
            async ModifyThing({ id, properties }) {
                const { type } = thing(id);
                byId[id] = completed(type, id, properties, context);
                await applyRoutes(type);
                return byId[id];
            },
            async DeleteThing({ id }) {
                const { type } = thing(id);
                delete byId[id];
                await applyRoutes(type);
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
