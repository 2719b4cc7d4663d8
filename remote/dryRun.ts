// Asks a host to dump its product's databases to nowhere (hosts/dry-run.sh).
import type { HostDryRun } from "../contract/host";
import type { PostgresAccess } from "../databases";
import { reveal } from "../logic/secret";
import type { DatabaseRole, ProductId } from "../products";
import { ask } from "./ask";
import type { HostAddress } from "./connection";
import type { HostLayout } from "./script";
import type { VariablesOf } from "./scripts";

export interface DryRunRequest {
    databases: { role: DatabaseRole; access: PostgresAccess }[];
    /** On the volume where the dumps would go. */
    folder: string;
    /** s, of all. */
    patience: number;
    /** s; how long what was found is said again. */
    keep: number;
}

/** Beside the dry run's own patience, and that for another one which is under way, s. */
const spareSeconds = 60;

export function askDryRun(
    { target, layout }: { target: HostAddress; layout?: HostLayout },
    product: ProductId,
    { databases, folder, patience, keep }: DryRunRequest,
): Promise<HostDryRun> {
    const variables = { DATABASES: rowsOf(databases), FOLDER: folder, PATIENCE: patience, KEEP_SECONDS: keep };
    return ask(target, { script: "dry-run", product, layout, variables }, { seconds: 2 * patience + spareSeconds });
}

function rowsOf(databases: DryRunRequest["databases"]): VariablesOf<"dry-run">["DATABASES"] {
    return databases.map(({ role, access: { host, port, name, user, password, ca } }) => ({
        ...{ role, host, port, name, user, ca },
        password: password === undefined ? "" : reveal(password),
    }));
}
