// What must hold before the names move: forward to an environment, or back from one that users have worked on. Pure; decided by what
// hosts say now. logic/serving.ts asks only while the move has not been made.
import type { CaptureConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { CaptureManifest } from "../contract/production";
import { whyNotClosed } from "./losses";
import { hasPassed } from "./receipt";
import type { SideReport } from "./sideReport";
import type { Loss, Unmet } from "./unmet";

export interface ServeGateArgs {
    /** By token, as this stack published them. */
    captures: Record<string, CaptureManifest>;
    configured: CaptureConfig[];
    targetName: string;
    target: EnvironmentOutputs;
    /** The side that was captured. */
    captured: SideReport;
}

/** What must hold before the names move to `target`. */
export function checkServeGates(args: ServeGateArgs): Unmet[] {
    const { configured, targetName, target } = args;
    const unmet = [...checkMigration(targetName, target), ...checkClosed(args)];
    if (target.restored !== undefined && configured.find(({ token }) => token === target.restored)?.reopen) {
        unmet.push({
            gate: "reopen",
            firm: true,
            condition: `posit:captures has reopen: true for ${target.restored}, which would open production in the same run that retires it: either give the cutover up or serve it, not both`,
        });
    }
    return unmet;
}

function checkMigration(targetName: string, target: EnvironmentOutputs): Unmet[] {
    const unmet: Unmet[] = [];
    const receipt = target.receipts.migrate;
    if (target.phase !== "migrate" || !receipt || target.restored === undefined) {
        unmet.push({
            gate: "migrated",
            condition: `stack ${targetName} has restored no capture yet: set posit:phase: migrate and posit:restore there`,
        });
    } else if (!hasPassed(receipt)) {
        unmet.push({
            gate: "migrated",
            condition: `the migration receipt of stack ${targetName} has failed checks: \`pulumi stack output receipt\` there shows which`,
        });
    }
    if (receipt && target.accepted?.migrate !== receipt.digest) {
        unmet.push({
            gate: "accepted",
            condition: `nobody has accepted the migration receipt of stack ${targetName}: read it and commit posit:accepted.migrate: ${receipt.digest} there`,
        });
    }
    return unmet;
}

/** Once final and opened since is another finding than never final: the first one says what to do about a cutover that came too late. */
function checkClosed({ captures, targetName, target, captured }: ServeGateArgs): Unmet[] {
    const token = target.restored;
    const capture = token === undefined ? undefined : captures[token];
    const stayed = captured.hosts.some(({ marker }) => marker?.stayingSince !== undefined);
    const found = captured.hosts.map((host) => ({ host, opened: whyNotClosed(host, token ?? "") }));
    const opened = found.flatMap(({ opened }) => opened ?? []);
    const losses = found
        .filter(({ host, opened }) => host.state && opened !== undefined)
        .map(({ host }): Loss => ({
            side: captured.key,
            product: host.product,
            since: host.marker?.frozenAt ?? capture?.takenAt ?? "",
        }))
        .filter(({ since }) => since !== "");
    if (!capture || capture.state !== "complete" || !(capture.final || stayed)) {
        return [
            {
                gate: "final",
                condition: `stack ${targetName} has ${token === undefined ? "nothing of production" : `capture ${token}`}, after which production went on: what changed since would be lost. Take a capture with reopen: false and restore that one`,
                losses,
            },
        ];
    }
    return opened.length === 0
        ? []
        : [
              {
                  gate: "serve.window",
                  condition: `the window of capture ${token} is no longer closed, and what users changed since, also in the databases, would be lost: ${opened.join("; ")}. Take a new capture with reopen: false and restore that one`,
                  losses,
              },
          ];
}

/** Before the names leave an environment that users may have worked on. */
export function checkWayBack(from: SideReport): Unmet {
    return {
        gate: "serve.back",
        condition: `what users changed on ${from.key} since it serves, also in the databases, would be lost on the way back. Accept that loss with posit:overrides: [{gate: serve.back, reason: …}]`,
        losses: from.hosts
            .filter(({ state }) => state !== undefined)
            .map(({ product }) => ({ side: from.key, product, since: "" })),
    };
}
