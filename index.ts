// Posit Team upgrade and migration. Reads this stack's configuration and builds one of two things: a new environment, or the
// production side (inventory, captures, entry points). docs/architecture.md tells what they promise each other.
import * as pulumi from "@pulumi/pulumi";
import * as fs from "node:fs";
import { z } from "zod";
import { parseConfig } from "./config/parse";
import { environmentStack } from "./stacks/environment";
import { productionStack } from "./stacks/production";
import { plainly } from "./stacks/refusals";

// Error hooks and failing after-hooks came with 3.238; older engines would only warn.
const engineVersions = ">=3.238.0 <4.0.0";

export = async function main(): Promise<Record<string, unknown>> {
    await pulumi.runtime.requirePulumiVersion(engineVersions);
    const values = Object.fromEntries(
        Object.entries(pulumi.runtime.allConfig())
            .filter(([key]) => key.startsWith("posit:"))
            .map(([key, value]) => [key.slice("posit:".length), value]),
    );
    const secretKeys = z
        .array(z.string())
        .parse(JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]"))
        .map((key) => key.replace(/^posit:/, ""));
    try {
        const config = parseConfig(values, secretKeys, pulumi.getStack(), stackFile(pulumi.getStack()));
        return config.role === "environment" ? await environmentStack(config) : await productionStack(config);
    } catch (error) {
        throw plainly(error);
    }
};

/** The stack's own file, in the project's folder; undefined where it lies elsewhere (`--config-file`). */
function stackFile(stack: string): string | undefined {
    // "organization/project/stack" has its file under the last word.
    const file = `Pulumi.${stack.split("/").pop()}.yaml`;
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}
