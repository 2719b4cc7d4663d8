// Whether what a final capture would do to a database has been done before: dumped by a capture, and loaded by an environment. Pure.
import type { CaptureManifest } from "../../contract/production";
import { DatabaseConfig, isDumpNoted, serverOf } from "../../databases";
import { byProduct, PerProduct } from "../../products";

type Captured = Pick<CaptureManifest, "token" | "state" | "lost" | "volumeDatabases">;

/**
 * Servers all of whose databases one earlier capture has dumped that an environment stands on.
 * @param restored tokens of what environments have restored
 */
export function rehearsedDumps(
    databases: PerProduct<DatabaseConfig[]>,
    captures: Captured[],
    restored: string[],
): string[] {
    const wanted = byProduct(databases).flatMap(([product, own]) =>
        own.flatMap((database) => {
            const server = serverOf(database);
            return server === undefined ? [] : [{ server, product, role: database.role }];
        }),
    );
    // What was lost since was there when it was restored.
    const done = captures.filter(
        ({ token, state, lost }) => restored.includes(token) && (state === "complete" || lost === true),
    );
    return [...new Set(wanted.map(({ server }) => server))].filter((server) =>
        done.some(({ volumeDatabases }) =>
            wanted
                .filter((one) => one.server === server)
                .every(({ product, role }) =>
                    volumeDatabases.some(
                        (entry) =>
                            isDumpNoted(entry) &&
                            "server" in entry &&
                            entry.server === server &&
                            entry.product === product &&
                            entry.role === role,
                    ),
                ),
        ),
    );
}
