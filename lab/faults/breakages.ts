// What can be broken, and how it is mended again. Each breaks one thing and answers the way back.
import { Client } from "pg";
import { callCloud } from "../cloud/client";
import type { Disturbance } from "../cloud/api";
import { hostScript } from "../hostScript";
import { databases } from "../legacy/world";
import { products } from "../../products";
import type { ProductId } from "../../products/ids";
import { oldHosts } from "../rehearse/hostFacts";
import { run } from "../run";
import { onHost, waitForHost } from "../ssh";
import type { Bench } from "./bench";

export type Mend = () => Promise<void>;
export type Breakage = (bench: Bench) => Promise<Mend>;

const nothing: Mend = async () => undefined;

function onProduct(product: ProductId, script: string, begin: string, end: string, variables = {}): Breakage {
    return async ({ facts }) => {
        const host = oldHosts(facts)[product];
        const act = (action: string) => onHost(host, hostScript([script], { ...variables, ACTION: action }));
        await act(begin);
        return async () => void (await act(end));
    };
}

export const leftoverProcess = (product: ProductId) =>
    onProduct(product, "faults/scripts/stubborn", "start", "stop", { ACCOUNT: products[product].account });

export const busySession = onProduct("workbench", "faults/scripts/busySession", "start", "stop");

export const failingStart = (product: ProductId) =>
    onProduct(product, "faults/scripts/failOnce", "arm", "disarm", { UNIT: products[product].units[0] });

export const wrongClock = (product: ProductId) => onProduct(product, "faults/scripts/wrongClock", "begin", "end");

export const slowStop = (product: ProductId, seconds: number) =>
    onProduct(product, "faults/scripts/slowStop", "begin", "end", {
        UNIT: products[product].units[0],
        SECONDS_TO_STOP: String(seconds),
    });

/** The window's own script on the host: ended without a word, or standing still. */
export function strikeScript(product: ProductId, signal: "KILL" | "STOP"): Breakage {
    return async ({ facts }) => {
        const send = (SIGNAL: string) =>
            onHost(oldHosts(facts)[product], hostScript(["faults/scripts/windowScript"], { SIGNAL }));
        await send(signal);
        return async () => void (signal === "STOP" && (await send("CONT")));
    };
}

export const fullDisk = (product: ProductId) => onProduct(product, "rehearse/scripts/fullDisk", "fill", "free");

/** Somebody's own connection as the product's role, outside the product. */
export const openDatabaseSession: Breakage = async ({ facts }) => {
    const { name, role } = databases.connect;
    const client = new Client({
        host: facts.database.address,
        port: facts.database.port,
        database: name,
        user: role,
        password: facts.database.passwords.connect,
        ssl: { ca: facts.database.caCertificate },
    });
    await client.connect();
    return () => client.end();
};

export function cloud(...disturbances: Disturbance[]): Breakage {
    return async () => {
        await callCloud("Disturb", { disturbances });
        return async () => void (await callCloud("Disturb", { disturbances: [] }));
    };
}

/** Nothing goes between the program's machine and the host any more, in either direction; users are not concerned. */
export function cutNetwork(...cut: ProductId[]): Breakage {
    return async ({ facts }) => {
        const addresses = cut.map((product) => facts.hosts[product].address).join(", ");
        const rules = [
            "table inet cut_cable {",
            `chain output { type filter hook output priority 0; ip daddr { ${addresses} } drop; }`,
            `chain input { type filter hook input priority 0; ip saddr { ${addresses} } drop; }`,
            "}",
        ].join("\n");
        await run("nft", ["-f", "-"], { input: rules });
        return async () => void (await run("nft", ["delete", "table", "inet", "cut_cable"]));
    };
}

export function reboot(product: ProductId): Breakage {
    return async ({ facts }) => {
        await callCloud("RebootInstance", { instanceId: facts.hosts[product].instanceId });
        return async () => (await waitForHost(oldHosts(facts)[product])).close();
    };
}

/** The engine's own process; `run` holds it while it lives. */
export function signalEngine(signal: NodeJS.Signals): (bench: Bench, pid: number) => Promise<Mend> {
    return async (_bench, pid) => {
        process.kill(pid, signal);
        return nothing;
    };
}
