// What was recorded, in the format of `pulumi stack export`, with the secrets taken out; and such exports read from a folder.
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import type { Recording, Registration } from "../program/recorder";

/** As the engine marks a secret in a state (pulumi/pulumi, sdk/go/common/resource/sig.go). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
/** In the place of a secret: nothing that is checked here depends on one. */
const takenOut = "secret, taken out";

/** As far as it is looked at; what else an export has is kept. */
const resourceSchema = z.looseObject({
    urn: z.string(),
    type: z.string(),
    custom: z.boolean(),
    id: z.string().optional(),
    inputs: z.record(z.string(), z.unknown()).default({}),
    outputs: z.record(z.string(), z.unknown()).default({}),
    ignoreChanges: z.array(z.string()).optional(),
    external: z.boolean().optional(),
    delete: z.boolean().optional(),
});
const exportSchema = z.looseObject({
    /** The engine writes 3 or 4, by what the state needs (sdk/go/common/apitype of pulumi/pulumi). */
    version: z.union([z.literal(3), z.literal(4)]),
    deployment: z.looseObject({ resources: z.array(resourceSchema).nullish() }),
});

export type Resource = z.infer<typeof resourceSchema>;

/** A stack as it stands, or would stand. */
export interface StackState {
    name: string;
    resources: Resource[];
}

/** "network-vpc", as people know it. */
export function logicalName({ urn }: Pick<Resource, "urn">): string {
    return urn.split("::").pop()!;
}

export function exportOf({ registrations }: Recording): object {
    return {
        version: 3,
        deployment: {
            manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
            resources: registrations.map(resourceOf),
        },
    };
}

function resourceOf(registration: Registration): Resource {
    const { urn, type, parent, dependencies, ignoreChanges, protect, retainOnDelete, id, outputs } = registration;
    const custom = !type.startsWith("posit:") && type !== "pulumi:pulumi:Stack";
    return {
        urn,
        custom,
        ...(custom && { id }),
        type,
        inputs: withoutSecrets(registration.inputs) as Record<string, unknown>,
        outputs: withoutSecrets(outputs) as Record<string, unknown>,
        ...(parent !== "" && { parent }),
        dependencies: [...new Set(dependencies)],
        ...(ignoreChanges.length > 0 && { ignoreChanges }),
        ...(protect && { protect }),
        ...(retainOnDelete && { retainOnDelete }),
    };
}

/** Every secret becomes one that nobody can read: `ciphertext`, as an export has it. */
function withoutSecrets(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withoutSecrets);
    if (typeof value !== "object" || value === null) return value;
    if ((value as Record<string, unknown>)[signature] === secretSignature) {
        return { [signature]: secretSignature, ciphertext: takenOut };
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}

/** What a secret is taken for where a value of its kind is needed: long enough to be a password. */
function plainValue(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(plainValue);
    if (typeof value !== "object" || value === null) return value;
    if (signature in value) return takenOut.replace(/[^a-z]/g, "-");
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item)]));
}

/** What the provider holds, and nothing that only was looked up, or that waits for its deletion. */
export function readExport(name: string, text: string): StackState {
    const read = exportSchema.safeParse(JSON.parse(text));
    if (!read.success) {
        throw new Error(`${name} is not what \`pulumi stack export\` writes:\n${z.prettifyError(read.error)}`);
    }
    const resources = (read.data.deployment.resources ?? []).filter(
        ({ custom, external, delete: going }) => custom && external !== true && going !== true,
    );
    return {
        name,
        resources: resources.map((one) => ({ ...one, inputs: plainValue(one.inputs) as Resource["inputs"] })),
    };
}

/** Every export of a folder, by its file's name. */
export function readExports(folder: string): StackState[] {
    const files = fs.readdirSync(folder).filter((file) => file.endsWith(".json"));
    return files
        .sort()
        .map((file) => readExport(path.basename(file, ".json"), fs.readFileSync(path.join(folder, file), "utf8")));
}
