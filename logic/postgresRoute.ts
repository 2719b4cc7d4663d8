// Who makes the users and databases of a fresh server: the machine that runs `pulumi`, which dials the server itself. No bastion leads there, since
// the provider for Postgres knows none. Pure.
import type { EnvironmentConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { ProductionOutputs } from "../contract/production";
import { loadedOf, staying } from "../databases";
import { inOrder, products } from "../products";
import { ports } from "./ports";
import { rangesWith } from "./ranges";

interface PostgresQuestion {
    config: EnvironmentConfig;
    production?: ProductionOutputs;
    own?: EnvironmentOutputs;
    /** Of the machine that runs `pulumi`. */
    addresses: string[];
}

/**
 * What is to be said where this machine may have no way to port 5432. No refusal: behind a VPN's translation its address is another one, which only
 * the try tells.
 */
export function doubtfulPostgresRoute(question: PostgresQuestion): string | undefined {
    const { config, addresses } = question;
    const { operatorCidrs } = config.network;
    const within = addresses.some((address) => rangesWith(operatorCidrs, address).length > 0);
    return config.ssh.bastion === undefined || within || !makesFreshServer(question)
        ? undefined
        : `users and databases of the new database server are made from this machine, on its port ${ports.postgres} and not through posit:ssh.bastion, and the server lets in posit:network.operatorCidrs only (${operatorCidrs.join(", ")}), in which none of this machine's addresses lies. Unless something on the way gives it one of them, that will time out: run \`pulumi\` where it has one (on the bastion, say), or add its range, with a route between the two`;
}

/** Whoever stands in that phase has been there already. */
function makesFreshServer({ config: { phase, restore }, production, own }: PostgresQuestion): boolean {
    if (own?.phase === phase && own.restored === (phase === "migrate" ? restore : undefined)) {
        return false;
    }
    if (phase === "migrate") {
        const capture = restore === undefined ? undefined : production?.captures[restore];
        return loadedOf(capture?.volumeDatabases ?? []).length > 0;
    }
    return inOrder.some((product) =>
        products[product].databases.some(
            ({ role }) => !staying(product, role, { inventory: production?.inventory[product] }),
        ),
    );
}
