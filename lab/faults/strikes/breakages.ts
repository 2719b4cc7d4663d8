// What can be broken, and how it is mended again. Each breaks one thing and answers the way back.
import * as fs from "node:fs";
import { Client } from "pg";
import { callCloud } from "../../cloud/client";
import type { Disturbance } from "../../cloud/api";
import { namespaceName } from "../../cloud/network/fabric";
import { captureTagNames } from "../../../logic/names";
import { hostScript } from "../../hostScript";
import { databases, ports } from "../../legacy/world";
import { products } from "../../../products";
import type { ProductId } from "../../../products/ids";
import { oldHosts } from "../../rehearse/proofs/hostFacts";
import { run } from "../../run";
import { onHost, waitForHost } from "../../ssh";
import type { Bench } from "../bench/bench";

export type Mend = () => Promise<void>;
export interface Breakage {
    (bench: Bench): Promise<Mend>;
    /** It counts the snapshots that are taken beforehand; most rows do without those, which saves a quarter of their time. */
    warmUp?: true;
}
/** In the middle of a run; `pid` is the engine's. */
export type Strike = (bench: Bench, pid: number) => Promise<Mend>;

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
    onProduct(product, "faults/strikes/scripts/stubborn", "start", "stop", { ACCOUNT: products[product].account });

export const busySession = onProduct("workbench", "faults/strikes/scripts/busySession", "start", "stop");

export const failingStart = (product: ProductId) =>
    onProduct(product, "faults/strikes/scripts/failOnce", "arm", "disarm", { UNIT: products[product].units[0] });

export const wrongClock = (product: ProductId) =>
    onProduct(product, "faults/strikes/scripts/wrongClock", "begin", "end");

export const slowStop = (product: ProductId, seconds: number) =>
    onProduct(product, "faults/strikes/scripts/slowStop", "begin", "end", {
        UNIT: products[product].units[0],
        SECONDS_TO_STOP: String(seconds),
    });

/** The window's own script on the host: ended without a word, or standing still. */
export function strikeScript(product: ProductId, signal: "KILL" | "STOP"): Breakage {
    return async ({ facts }) => {
        const send = (SIGNAL: string) =>
            onHost(oldHosts(facts)[product], hostScript(["faults/strikes/scripts/windowScript"], { SIGNAL }));
        await send(signal);
        return async () => void (signal === "STOP" && (await send("CONT")));
    };
}

export const fullDisk = (product: ProductId) =>
    onProduct(product, "rehearse/mistakes/scripts/fullDisk", "fill", "free");

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

type OfRequests = Omit<Disturbance, "action" | "tag">;

/** Of a capture that has warm-ups; what these ask, and the window itself, is told apart by its tag. */
const requestsOf = (tag: keyof typeof captureTagNames, disturbance: OfRequests): Breakage =>
    Object.assign(cloud({ action: "CreateSnapshot", tag: captureTagNames[tag], ...disturbance }), {
        warmUp: true as const,
    });

/** Before anything is closed. */
export const warmUpRequests = (disturbance: OfRequests): Breakage => requestsOf("warmUp", disturbance);

/** While production is closed. */
export const closedRequests = (disturbance: OfRequests): Breakage => requestsOf("token", disturbance);

/** Temporary credentials are over: whatever the provider asks is refused. Mended as a person logs in again. */
export const credentialsEnd = cloud({ action: "*", refuses: "expired" });

/** The same of a session of IAM Identity Center: the SDK has no credentials to ask with. */
export const loggedOut = cloud({ action: "*", refuses: "logged out" });

/** The account is busy: of these questions so many are answered with "later". */
export const throttled = (times: number, ...of: Omit<Disturbance, "times" | "refuses">[]): Breakage =>
    cloud(...of.map((one): Disturbance => ({ ...one, by: "provider", times, refuses: "throttled" })));

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** What gets through a cable that is cut: nothing, or one way only. */
export type Cable = "nothing" | "only words" | "only answers";

/** Between the program's machine and the hosts; users are not concerned. */
export function cutNetwork(cut: ProductId[], through: Cable = "nothing"): Breakage {
    return async ({ facts }) => {
        const addresses = cut.map((product) => facts.hosts[product].address).join(", ");
        const words = `chain output { type filter hook output priority 0; ip daddr { ${addresses} } drop; }`;
        // Bare acknowledgements come through where words do: a sender that hears none sends no second word.
        const carrying = through === "only words" ? "ip length > 60 " : "";
        const answers = `chain input { type filter hook input priority 0; ip saddr { ${addresses} } ${carrying}drop; }`;
        const chains = [...(through === "only words" ? [] : [words]), ...(through === "only answers" ? [] : [answers])];
        await run("nft", ["-f", "-"], { input: ["table inet cut_cable {", ...chains, "}"].join("\n") });
        return async () => void (await run("nft", ["delete", "table", "inet", "cut_cable"]));
    };
}

/** Broken for a while; whole again before the run has ended. */
export function forAWhile(seconds: number, breakage: Breakage): Strike {
    return async (bench) => {
        const mend = await breakage(bench);
        await pause(seconds);
        await mend();
        return nothing;
    };
}

export function reboot(product: ProductId): Breakage {
    return async ({ facts }) => {
        await callCloud("RebootInstance", { instanceId: facts.hosts[product].instanceId });
        return async () => (await waitForHost(oldHosts(facts)[product])).close();
    };
}

/** The engine's own process; `run` holds it while it lives. */
export function signalEngine(signal: NodeJS.Signals): Strike {
    return async (_bench, pid) => {
        process.kill(pid, signal);
        return nothing;
    };
}

/** The engine and everything it has started: the program, plugins, what they run. */
export function standStill(seconds: number): Strike {
    return async (_bench, pid) => {
        const stopped = treeOf(pid);
        for (const one of stopped) signalIfThere(one, "SIGSTOP");
        await pause(seconds);
        for (const one of stopped.reverse()) signalIfThere(one, "SIGCONT");
        return nothing;
    };
}

export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
    try {
        process.kill(pid, signal);
    } catch {
        // It ended meanwhile.
    }
}

/** A process before its children. */
export function treeOf(pid: number): number[] {
    const children = fs
        .readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
        .map(Number);
    return [pid, ...children.flatMap(treeOf)];
}

function parentOf(pid: string): number | undefined {
    try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    } catch {
        return undefined;
    }
}

export const slowStart = (product: ProductId, seconds: number) =>
    onProduct(product, "faults/strikes/scripts/slowStart", "begin", "end", {
        UNIT: products[product].units.at(-1),
        SECONDS_TO_START: String(seconds),
    });

/** Between what a host does and its answer there is a second, in which a cable can be cut. */
export const slowNote = (product: ProductId) => onProduct(product, "faults/strikes/scripts/slowNote", "begin", "end");
export const lastWords = onProduct("workbench", "faults/strikes/scripts/lastWords", "start", "stop");
export const hangingHost = (product: ProductId) => onProduct(product, "faults/strikes/scripts/hang", "begin", "end");

const otherPort = 3940;

/** Connect listens elsewhere; its host's network leads users there, so that they notice nothing. */
export const listensElsewhere: Breakage = async (bench) => {
    const namespace = namespaceName(bench.facts.hosts.connect.instanceId);
    const inside = (args: string[], input?: string) =>
        run("ip", ["netns", "exec", namespace, "nft", ...args], { input });
    const move = onProduct("connect", "faults/strikes/scripts/otherPort", "begin", "end", {
        PORT: String(ports.connect),
        OTHER: String(otherPort),
    });
    const back = await move(bench);
    const { securityGroupIds } = await callCloud("DescribeInstance", {
        instanceId: bench.facts.hosts.connect.instanceId,
    });
    const [fromPort, toPort] = [otherPort, otherPort];
    const rule = { direction: "ingress", protocol: "tcp", fromPort, toPort, cidr: "0.0.0.0/0", tags: {} } as const;
    const { ruleId } = await callCloud("AuthorizeRule", { groupId: securityGroupIds[0], ...rule });
    const redirect = `chain prerouting { type nat hook prerouting priority dstnat; tcp dport ${ports.connect} redirect to :${otherPort}; }`;
    await inside(["-f", "-"], ["table inet other_port {", redirect, "}"].join("\n"));
    return async () => {
        await back();
        await inside(["delete", "table", "inet", "other_port"]);
        await callCloud("RevokeRule", { ruleId });
    };
};
