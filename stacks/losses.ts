// What a move would lose: asked of the hosts themselves, before anything is registered.
import type { Changes } from "../contract/host";
import { describeChanges } from "../logic/losses";
import { Loss, sentence, Unmet } from "../logic/unmet";
import { HostQuestions } from "./questions";
import { NamedSide } from "./sides";

/** Each unmet condition as a line, with what would be lost. */
export async function withLosses(unmet: Unmet[], sides: NamedSide[], hosts: HostQuestions): Promise<string[]> {
    return Promise.all(
        unmet.map(async (one) => {
            const lost = await Promise.all((one.losses ?? []).map((loss) => describeLoss(loss, sides, hosts)));
            return [sentence(one), ...lost].join("; ");
        }),
    );
}

/** Files that changed on hosts that were closed all the time: users' timetables, shells and mounts go on where a product is down. */
export async function changedWhileClosed(losses: Loss[], sides: NamedSide[], hosts: HostQuestions): Promise<string[]> {
    const found = await Promise.all(
        losses.map(async (loss) => {
            try {
                const changes = await changesOf(loss, sides, hosts);
                return changes.files > 0 ? [`closed, and yet ${describeChanges(changes)}: no capture has that`] : [];
            } catch (error) {
                return [
                    `what changed on ${loss.product} while it was closed can't be told: ${(error as Error).message}`,
                ];
            }
        }),
    );
    return found.flat();
}

async function describeLoss(loss: Loss, sides: NamedSide[], hosts: HostQuestions): Promise<string> {
    try {
        return describeChanges(await changesOf(loss, sides, hosts));
    } catch (error) {
        return `what changed on ${loss.product} can't be told: ${(error as Error).message}`;
    }
}

function changesOf({ side, product, since }: Loss, sides: NamedSide[], hosts: HostQuestions): Promise<Changes> {
    const host = sides.find(({ key }) => key === side)?.hosts[product];
    if (!host) {
        throw new Error(`${side} is not known`);
    }
    return hosts.changes(host, product, since);
}
