// What an operator gets wrong, as data: the commit with the mistake, what it must say, and how the mistake goes away. Performed on
// the real thing between the commits of the procedure (make rehearse MISTAKES=1).
import { callCloud } from "../../cloud/client";
import { aliasName, publicNames, recordTtl } from "../../legacy/world";
import { hostScript } from "../../hostScript";
import type { EnvironmentOutputs } from "../../../contract/environment";
import type { ProductionContract } from "../../../contract/production";
import { onHost } from "../../ssh";
import { firstCapture, tokens } from "../commits";
import { oldHosts } from "../proofs/hostFacts";
import type { Rehearsal } from "../rehearsal";
import type { StackName } from "../stack";
import type { ConfigValues } from "../stackFile";
import { productionValues } from "../values";

export interface Mistake {
    name: string;
    stack: StackName;
    changes(rehearsal: Rehearsal): ConfigValues;
    /** Puts other secrets into the stack file for this one commit. */
    secrets?(rehearsal: Rehearsal): object;
    /** Breaks something outside the configuration; answers how to mend it. */
    break?(rehearsal: Rehearsal): Promise<() => Promise<void>>;
    /** What the operator must be told: every one of these. */
    says: RegExp[];
    /** It was found only while hosts were worked on: `up` with the mistake taken back must succeed. */
    mendedByUp?: boolean;
}

type Listed = Record<string, Record<string, unknown>>;

function currentWith(rehearsal: Rehearsal, change: Record<string, unknown>): ConfigValues {
    const current = rehearsal.stacks.prod.values["posit:current"] as Listed;
    return { "posit:current": { ...current, connect: { ...current.connect, ...change } } };
}

function connectVersion(rehearsal: Rehearsal, version: string): ConfigValues {
    const connect = rehearsal.stacks.staging.values["posit:connect"] as object;
    return { "posit:connect": { ...connect, version } };
}

const migrateTo = (token: string, rehearsal: Rehearsal): ConfigValues => ({
    "posit:phase": "migrate",
    "posit:restore": token,
    "posit:accepted": { install: rehearsal.stacks.staging.outputs.installReceipt },
});

/** Whom the names lead to is asked before anything is taken over: the first `up` of production changes nothing. */
export const firstMistakes: Mistake[] = [
    {
        name: "a record that leads elsewhere than the configuration says",
        stack: "prod",
        changes: ({ facts }) => {
            const values = productionValues(facts);
            const current = values["posit:current"] as Listed;
            return {
                ...values,
                "posit:current": { ...current, connect: { ...current.connect, publicAddress: elsewhere } },
                "posit:entryPoints": { ...(values["posit:entryPoints"] as object), ttl: recordTtl + 55 },
            };
        },
        says: [
            new RegExp(publicNames.connect.replaceAll(".", "\\.")),
            /203\.0\.113\.11/,
            /10\.10\.1\.\d+/,
            new RegExp(`\\b${recordTtl}\\b[^]*\\b${recordTtl + 55}\\b|\\b${recordTtl + 55}\\b[^]*\\b${recordTtl}\\b`),
        ],
    },
    {
        name: "a name that is an alias in the zone",
        stack: "prod",
        changes: ({ facts }) => {
            const values = productionValues(facts);
            return {
                ...values,
                "posit:entryPoints": { ...(values["posit:entryPoints"] as object), connect: aliasName },
            };
        },
        says: [new RegExp(aliasName.replaceAll(".", "\\.")), /alias/i, /cloudfront\.net/],
    },
];

/** An address of documentation's range, as an Elastic IP would be. */
const elsewhere = "203.0.113.11";

/** Before anything was captured. */
export const earlyMistakes: Mistake[] = [
    {
        name: "a wrong host key",
        stack: "prod",
        changes: (rehearsal) => currentWith(rehearsal, { hostKey: rehearsal.facts.hosts.workbench.hostKey }),
        says: [/shows another host key/, /cat \/etc\/ssh\/ssh_host_ed25519_key\.pub/],
        mendedByUp: true,
    },
    {
        name: "a capture of another host's volume, with another database than the product has",
        stack: "prod",
        changes: (rehearsal) => ({
            ...currentWith(rehearsal, {
                dataVolumes: (rehearsal.stacks.staging.outputs.contract as EnvironmentOutputs).hosts.connect
                    .dataVolumes,
                databases: [{ kind: "sqlite" }],
            }),
            "posit:captures": [{ token: "wrong-volume", reopen: true }],
        }),
        says: [
            /production was not touched/,
            /\[volume-not-here\].*is not attached to connect; correct posit:current/,
            /\[other-database\].*"provider":"postgres".*where the kind is sqlite/,
        ],
        mendedByUp: true,
    },
    {
        name: "a host that does not answer",
        stack: "prod",
        changes: (rehearsal) => currentWith(rehearsal, { address: "10.10.1.250" }),
        says: [/10\.10\.1\.250 .*(answer|reach)/],
        mendedByUp: true,
    },
    {
        name: "a product version older than production's",
        stack: "staging",
        changes: (rehearsal) => connectVersion(rehearsal, "2022.01.0"),
        says: [/\[version\] posit:connect\.version 2022\.01\.0 is older than production's/],
    },
    {
        name: "a package version that is not there",
        stack: "staging",
        changes: (rehearsal) => connectVersion(rehearsal, "2099.01.0"),
        says: [/rstudio-connect 2099\.01\.0 is not in .*; it has: .*2026\.03\.1/],
        mendedByUp: true,
    },
    {
        name: "an unknown token",
        stack: "staging",
        changes: (rehearsal) => migrateTo("never-taken", rehearsal),
        says: [/\[capture\] production has no capture "never-taken"/],
    },
    {
        name: "a receipt that nobody accepted",
        stack: "staging",
        changes: () => ({ "posit:phase": "migrate", "posit:restore": tokens.rehearsal }),
        says: [/\[install\] posit:accepted\.install is not set, but the install receipt is sha256:/, /\[capture\]/],
    },
    {
        name: "a wrong database password",
        stack: "prod",
        changes: (rehearsal) => firstCapture.changes(rehearsal),
        secrets: ({ secrets }) => ({
            ...secrets.prod,
            databasePasswords: { ...secrets.prod.databasePasswords, connect: { main: "not-the-password" } },
        }),
        says: [/wrong password for user/, /databasePasswords/],
    },
    {
        name: "a full disk",
        stack: "prod",
        changes: (rehearsal) => firstCapture.changes(rehearsal),
        break: async ({ facts }) => {
            const host = oldHosts(facts).connect;
            await onHost(host, hostScript(["rehearse/mistakes/scripts/fullDisk"], { ACTION: "fill" }));
            return async () =>
                void (await onHost(host, hostScript(["rehearse/mistakes/scripts/fullDisk"], { ACTION: "free" })));
        },
        says: [/connect: .*nothing was touched; is the disk full/],
    },
];

/** After the first capture. */
export const lateMistakes: Mistake[] = [
    {
        name: "a token used again with other settings",
        stack: "prod",
        changes: () => ({ "posit:captures": [{ token: tokens.rehearsal, reopen: false }] }),
        says: [/token rehearsal-a was used for a capture with reopen: true/, /new token/],
    },
    {
        name: "a capture whose snapshot is gone",
        stack: "staging",
        changes: (rehearsal) => migrateTo(tokens.lost, rehearsal),
        break: async (rehearsal) => {
            const { captures } = rehearsal.stacks.prod.outputs.contract as ProductionContract;
            const snapshotId = captures[tokens.lost]?.volumes[0]?.snapshotId ?? "";
            await callCloud("DeleteSnapshot", { snapshotId });
            return async () => undefined;
        },
        says: [/capture lost-x can't be restored: its snapshot snap-\w+ is not in this account/],
    },
];
