// An environment's run where keys are tried, and a configuration with every key.
import { perProduct } from "../../../products";
import { parseConfig } from "../../../config/parse";
import type { EnvironmentConfig } from "../../../config/schema";
import { environmentStack } from "../../../stacks/environment";
import { handedOver, secretsOf, Values, wholeValues } from "../../unit/config/samples";
import { Outcome, run } from "./footprint";
import { answering, cloud, Peers, publishedEnvironment, stackName } from "./world";

const stages = wholeValues("staging");

/** In phase migrate. */
export const environmentValues: Values = {
    ...stages,
    ...perProduct((product) => ({
        ...(stages[product] as Values),
        rootVolumeSize: 40,
        instanceProfile: "posit-host",
        settings:
            product === "workbench"
                ? { "rserver.admin-enabled": "1", "rserver.www-allow-origin": ["a.acme.com"] }
                : { "Server.SenderEmail": "x@acme.com", "Server.RVersion": ["/opt/R/4.5.1"] },
    })),
    runtimes: { ...(stages.runtimes as Values), python: ["3.12.11", "3.11.9"] },
    secrets: secretsOf.staging,
};
export const accepted = stages.accepted as Record<"install" | "migrate", string>;
export const environmentConfig = parseConfig(
    handedOver(environmentValues),
    ["secrets"],
    "staging",
) as EnvironmentConfig;

/** Its own last outputs, before it was migrated. */
export const installed: Peers = {
    [stackName("staging")]: publishedEnvironment({
        receipts: { install: { digest: accepted.install, body: { passed: true } } },
    }),
};

const nobody = () => {
    throw new Error("no host is asked here, nor the cloud for one");
};
const questions = { state: nobody, marker: nobody, instance: nobody };

export function upEnvironment(config: EnvironmentConfig, peers: Peers): Promise<Outcome> {
    return run({
        stack: "staging",
        program: () => environmentStack(config, questions),
        answer: answering(peers),
        lookup: cloud,
    });
}
