// How hosts stand, by their own account: state, markers, and what opens them when the bench itself has to.
import type { HostMarker, HostState } from "../../../contract/host";
import { productIds, type ProductId } from "../../../products/ids";
import { ask, askState } from "../../../remote/ask";
import { hostScript } from "../../hostScript";
import { type HostsOf, oldHosts } from "../../rehearse/proofs/hostFacts";
import { seal } from "../../../logic/secret";
import { type HostAccess, onHost } from "../../ssh";
import type { Bench } from "./bench";

const addressOf = (access: HostAccess) => ({ ...access, privateKey: seal(access.privateKey) });

export type Stand = HostState | { product: ProductId; side: "unknown"; why: string };

/** Side by side; a host that can't be asked is unknown. */
export function stands(hosts: HostsOf): Promise<Stand[]> {
    return Promise.all(
        productIds.map((product): Promise<Stand> =>
            askState(addressOf(hosts[product]), product, undefined, 15).catch((error: Error) => ({
                product,
                side: "unknown",
                why: error.message,
            })),
        ),
    );
}

export const isOpen = (stand: Stand): boolean => stand.side === "serving" && stand.answering;

export const stays = ({ side }: Stand): boolean => side === "staying";

export const describe = (stand: Stand): string =>
    `${stand.product}: ${stand.side}${stand.side === "unknown" ? ` (${stand.why})` : ` ${stand.state} ${stand.answering ? "answers" : "does not answer"}`}`;

export function markers({ facts }: Bench, token: string): Promise<HostMarker[]> {
    const hosts = oldHosts(facts);
    return Promise.all(
        productIds.map((product) =>
            ask(addressOf(hosts[product]), { script: "record", product, variables: { TOKEN: token } }),
        ),
    );
}

/** What is left closed after a row: opened by what lies on the host itself, so that the next row finds production open. */
export async function openByForce({ facts }: Bench): Promise<void> {
    const hosts = oldHosts(facts);
    for (const product of productIds)
        await onHost(hosts[product], hostScript(["faults/strikes/scripts/openByForce"], {}));
}
