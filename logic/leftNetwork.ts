// What a run that ended has left of an environment's network, by its ids: each can be there only once, and is taken over by the next run (decision 43).
import { ownTag } from "./names";

export type Tags = Record<string, string>;

export interface LeftNetwork {
    vpc?: string;
    /** By range. */
    subnets: Record<string, string>;
    gateway?: string;
    address?: string;
    nat?: string;
    transit?: string;
    /** Of RDS. */
    subnetGroup?: string;
}

export const nothingLeft: LeftNetwork = { subnets: {} };

/** Those that this program gives. */
export function stackTags(tags: Tags): Tags {
    return Object.fromEntries(Object.entries(tags).filter(([key]) => ownTag(key)));
}

/**
 * Of several nothing says which one the state has, and to import another would replace that one. Those that may be there more than once are made anew.
 */
export function onlyOne(ids: string[]): string | undefined {
    return ids.length === 1 ? ids[0] : undefined;
}

export interface SeenVpc {
    id: string;
    hasSubnets: boolean;
}

/** The one to go on with, if any; of several the one with subnets, which only one in the state can have. */
export function vpcToTake(seen: SeenVpc[], range: string): { vpc?: string } | { problem: string } {
    const used = seen.filter(({ hasSubnets }) => hasSubnets);
    const [vpc, ...others] = seen.length > 1 ? used : seen;
    if (seen.length <= 1 || (vpc !== undefined && others.length === 0)) {
        return { vpc: vpc?.id };
    }
    const ids = seen.map(({ id }) => id);
    return {
        problem: `runs of this stack that ended have left ${ids.length} VPCs with its tags and range ${range} (${ids.join(", ")}), and which one it has can't be told: \`pulumi stack --show-ids\` lists that one; delete ${used.length === 0 ? "the others" : "what is in the others, and them"} (${ids.map((id) => `aws ec2 delete-vpc --vpc-id ${id}`).join(" or ")}), and run this again`,
    };
}

/** All of it, to be said. */
export function idsLeft({ vpc, subnets, gateway, address, nat, transit, subnetGroup }: LeftNetwork): string[] {
    return [vpc, ...Object.values(subnets), gateway, address, nat, transit, subnetGroup].flatMap((id) => id ?? []);
}
