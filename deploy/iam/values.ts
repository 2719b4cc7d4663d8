// What the policies are made for: an account, its two stacks, and the things of production by name. example.yaml has the templates' values.
import * as fs from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const name = z.string().min(1);
const keys = z.array(
    z.string().regex(/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, "a key's ARN, never an alias"),
);

const schema = z.strictObject({
    partition: name.default("aws"),
    region: name,
    account: z.string().regex(/^\d{12}$/, "twelve digits, in quotes"),
    production: z.strictObject({
        /** As `pulumi stack ls` has it. */
        stack: name,
        project: name,
        /** What may be captured: production's volumes and RDS servers. "*" is every one of the account. */
        volumes: z.array(name).default(["*"]),
        servers: z.array(name).default([]),
        /** Keys of one's own that production's volumes and servers are encrypted with. */
        kmsKeys: keys.default([]),
        /** Where the names are records of Route 53. */
        entryPoints: z.strictObject({ zone: name, names: z.array(name).min(1) }).optional(),
    }),
    environment: z.strictObject({
        stack: name,
        project: name,
        image: name.default("*"),
        /** Its own key, and production's: what is restored was encrypted with that. */
        kmsKeys: keys.default([]),
        /** Roles that hosts get by their instance profile. */
        instanceRoles: z.array(name).default([]),
        /** Like a network's parts by its ARN, where another account shares it. */
        transitGateway: name.default("*"),
        /** A network that others made: nothing of it is changed but security groups. */
        network: z.strictObject({ vpc: name, subnets: z.array(name).min(1) }).optional(),
    }),
});

export type PolicyValues = z.infer<typeof schema>;

export function readValues(file: string): PolicyValues {
    const read = schema.safeParse(parse(fs.readFileSync(file, "utf8")));
    if (!read.success) {
        throw new Error(
            `${file}: what policies are made for is not as deploy/iam/example.yaml has it:\n${z.prettifyError(read.error)}`,
        );
    }
    return read.data;
}
