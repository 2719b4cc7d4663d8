// Where faults are tried: the old production with users on it, and a production stack that has described it once.
import { newSecrets } from "../../rehearse/values";
import { describeProduction } from "../../rehearse/commits";
import { downtimeWithin } from "../../rehearse/report/downtime";
import { look } from "../../rehearse/proofs/measure";
import { probeTargets } from "../../rehearse/proofs/questions";
import type { Recorder } from "../../rehearse/report/recorder";
import type { Rehearsal } from "../../rehearse/rehearsal";
import type { Downtime } from "../../rehearse/report/reportTypes";
import { createStack, perform } from "../../rehearse/stack";
import type { Environment } from "./environment";
import { startClient } from "../../client/process";
import { buildLegacy } from "../../legacy/build";
import type { SourcesName } from "../../legacy/sources";
import { prepareProject } from "../../project";
import { productIds } from "../../../products/ids";

export interface Bench extends Rehearsal {
    /** Of production: as many snapshots a complete capture has. */
    volumes: number;
    /** For what is left to chance; printed, so that a row can be tried again as it was. */
    seed: number;
    /** The new environment, once a row has asked for it: made and served once (see environment.ts). */
    environment?: Promise<Environment>;
    /** Names of the commits that lead there, as far as they have been performed. */
    performed: Set<string>;
}

export const untouched = "before any fault";

/**
 * The client is the caller's to stop.
 * @param volumes of each host; as the sources have them when absent.
 */
export async function prepareBench(
    recorder: Recorder,
    size: number,
    sources: SourcesName,
    { seed = Date.now() % 1_000_000, volumes }: { seed?: number; volumes?: number } = {},
): Promise<Bench> {
    const facts = await buildLegacy(size, sources, volumes);
    const secrets = newSecrets(facts);
    const client = startClient(() => undefined);
    await client.probe(probeTargets());
    recorder.report.plugins = await prepareProject();
    const stacks = {
        prod: await createStack("prod", secrets.prod),
        staging: await createStack("staging", secrets.staging),
    };
    const options = { size, sources, baseline: false, destroy: false, mistakes: false };
    const rehearsal: Rehearsal = { facts, secrets, recorder, client, stacks, observed: {}, moments: {}, options };
    await perform(rehearsal, { ...describeProduction, proof: "nothing" });
    await look(rehearsal, untouched);
    return {
        ...rehearsal,
        seed,
        performed: new Set(),
        volumes: new Set(
            productIds.flatMap((product) => facts.hosts[product].dataVolumes.map(({ volumeId }) => volumeId)),
        ).size,
    };
}

/** How long each product was away in a capture where nothing is broken, seconds. The token is dropped with the next `up`. */
export async function captureWithoutFault(bench: Bench, token = "no-fault"): Promise<Downtime> {
    const from = Date.now();
    await perform(bench, {
        name: "no-fault",
        title: "A capture without fault",
        stack: "prod",
        changes: () => ({ "posit:captures": [{ token, reopen: true }] }),
        proof: "nothing",
    });
    bench.stacks.prod.values = { ...bench.stacks.prod.values, "posit:captures": undefined };
    return downtimeWithin(bench.client.outages(), { from, to: Date.now() });
}
