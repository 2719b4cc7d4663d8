// Notes what the engine asks of the lab's `aws`, a line for each type and operation, beside the cloud's socket: the rehearsal holds it against
// deploy/iam.
import * as fs from "node:fs";
import * as path from "node:path";
import type { Operation } from "../../deploy/iam/calls/calls";
import type { AskedOfProvider } from "../../deploy/iam/covered";
import { cloudSocket } from "../paths";
import type { Invoke, ResourceType } from "../providerKit/resource";
import type { Properties } from "../providerKit/values";

const file = path.join(path.dirname(cloudSocket), "asked");

const noted = new Set<string>();

function note(token: string, operation: Operation): void {
    const line = `${operation} ${token}\n`;
    if (!noted.has(line)) {
        noted.add(line);
        fs.appendFileSync(file, line);
    }
}

/** What was made from a capture is a restore. */
const isRestored = ({ snapshotId, snapshotIdentifier, restoreToPointInTime }: Properties) =>
    [snapshotId, snapshotIdentifier, restoreToPointInTime].some((one) => one !== undefined);

export function notingResources(resources: Record<string, ResourceType>): Record<string, ResourceType> {
    return Object.fromEntries(
        Object.entries(resources).map(([token, type]) => {
            const asked = <A extends unknown[], R>(operation: Operation, act: (...args: A) => R) => {
                return (...args: A): R => {
                    note(token, operation);
                    return act(...args);
                };
            };
            const noting: ResourceType = {
                ...type,
                create: (inputs, context) =>
                    asked(isRestored(inputs) ? "restore" : "create", type.create)(inputs, context),
                read: type.read && asked("read", type.read),
                update: type.update && asked("update", type.update),
                delete: asked("delete", type.delete),
            };
            return [token, noting];
        }),
    );
}

export function notingInvokes(invokes: Record<string, Invoke>): Record<string, Invoke> {
    return Object.fromEntries(
        Object.entries(invokes).map(([token, invoke]): [string, Invoke] => [
            token,
            (args, configuration) => {
                note(token, "read");
                return invoke(args, configuration);
            },
        ]),
    );
}

/** Of all that was asked since this lab's cloud was made. */
export function readAsked(place = file): AskedOfProvider[] {
    const lines = fs.existsSync(place) ? fs.readFileSync(place, "utf8").split("\n").filter(Boolean) : [];
    return [...new Set(lines)].sort().map((line) => {
        const [operation, token] = line.split(" ");
        return { token, operation: operation as Operation };
    });
}
