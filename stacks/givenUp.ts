// A cutover that is given up before it serves: reverting the final capture's commit, or setting its `reopen` to true, opens production.
import * as pulumi from "@pulumi/pulumi";
import { ProductionConfig } from "../config/schema";
import { OwnProduction } from "../contract/production";
import { givenUpCaptures } from "../logic/captureState";
import { productIds } from "../products";
import { ask } from "../remote/ask";
import { NamedSide } from "./sides";

/** Opens what stays closed for nothing, one product after the other: users wait, so it is not left to a resource's turn. */
export async function openGivenUp(
    config: ProductionConfig,
    own: OwnProduction | undefined,
    side: NamedSide,
): Promise<void> {
    for (const token of givenUpCaptures(config.captures, own?.captures ?? {})) {
        if (pulumi.runtime.isDryRun()) {
            void pulumi.log.info(
                `capture ${token} is given up: \`pulumi up\` opens production again if it still waits`,
            );
            continue;
        }
        for (const product of productIds) {
            const { state } = await ask<{ state: string }>(side.hosts[product].target, {
                script: "reopen",
                product,
                variables: { REASON: "given-up" },
            });
            if (state === "opened") {
                void pulumi.log.info(`capture ${token} is given up: ${product} is open again`);
            }
        }
    }
}
