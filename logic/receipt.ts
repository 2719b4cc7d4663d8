// What was proved about an environment, and the digest by which a person accepts it. A digest covers verdicts, versions and the
// declared configuration; never phase, token, endpoints or measured values, so it holds still while nothing that matters changes.
import { createHash } from "node:crypto";
import type { EnvironmentConfig } from "../config/schema";
import type { PublishedReceipt } from "../contract/environment";
import type { CheckAnswer } from "../contract/host";
import type { CaptureManifest } from "../contract/production";
import { PerProduct, perProduct } from "../products";
import type { ParityFinding } from "./parity";

export interface Receipt {
    kind: "install" | "migrate";
    passed: boolean;
    /** "connect: health" → verdict */
    verdicts: Record<string, "passed" | "failed">;
    versions: PerProduct<string>;
    /** Of the declared configuration. */
    configuration: string;
    /** Production's versions that the content comes from; absent in phase install. */
    from?: Partial<PerProduct<string>>;
}

const ofParity = "parity: ";

export function hasPassed({ body }: PublishedReceipt): boolean {
    return body?.passed === true;
}

/** Of a receipt that was published: what it says of parity. */
export function parityFound(receipt: PublishedReceipt | undefined): string[] {
    return Object.keys(receipt?.body?.verdicts ?? {}).flatMap((name) =>
        name.startsWith(ofParity) ? [name.slice(ofParity.length)] : [],
    );
}

export function buildReceipt(args: {
    config: EnvironmentConfig;
    checks: CheckAnswer[];
    parity: ParityFinding[];
    capture?: CaptureManifest;
}): Receipt {
    const { config, checks, parity, capture } = args;
    const checked = checks.flatMap(({ product, checks: list }) =>
        list.map(({ name, passed }): [string, boolean] => [`${product}: ${name}`, passed]),
    );
    const compared = parity
        .filter((finding) => finding.level === "error")
        .map((finding): [string, boolean] => [`${ofParity}${finding.what}`, false]);
    const verdicts = [...checked, ...compared].map(([name, passed]): [string, "passed" | "failed"] => [
        name,
        passed ? "passed" : "failed",
    ]);
    return {
        kind: capture ? "migrate" : "install",
        passed: checked.length > 0 && verdicts.every(([, verdict]) => verdict === "passed"),
        verdicts: Object.fromEntries(verdicts),
        versions: perProduct((product) => config[product].version),
        configuration: receiptDigest(declared(config)),
        ...(capture && { from: capture.versions }),
    };
}

/** What moves on its own, says only who has agreed, or nothing that was proved depends on. */
const notDeclared: (keyof EnvironmentConfig)[] = [
    "phase",
    "restore",
    "prepare",
    "accepted",
    "overrides",
    "secrets",
    "tags",
];

function declared(config: EnvironmentConfig): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(config).filter(([key]) => !notDeclared.includes(key as keyof EnvironmentConfig)),
    );
}

/** "sha256:…" of the canonical JSON: keys sorted, no white space. */
export function receiptDigest(value: unknown): string {
    return `sha256:${createHash("sha256").update(canonicalJson(value)).digest("hex")}`;
}

export function canonicalJson(value: unknown): string {
    return JSON.stringify(value, (_key, inner: unknown) =>
        typeof inner === "object" && inner !== null && !Array.isArray(inner)
            ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
            : inner,
    );
}
