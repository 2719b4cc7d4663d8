// The window's script on its way to a host: with all that it is told, stored there for root only, started as a unit.
import type { HostDatabase } from "../../databases";
import { reveal } from "../../logic/secret";
import type { HostConnection } from "../connection";
import { quote, renderScript } from "../script";
import type { VariablesOf } from "../scripts";
import type { WindowHost, WindowOptions } from "./types";

const runFolder = "/run/posit-upgrade";
/** Written by hosts/window.sh as it arms. */
const thawScript = "/var/lib/posit-upgrade/deadman/thaw.sh";

const scriptPath = (token: string) => `${runFolder}/window-${token}.sh`;

/** Before `startCommand`; it may hold a password, so it is the host's root's only. */
export function storeScript(connection: HostConnection, host: WindowHost, options: WindowOptions) {
    const { product, layout } = host;
    const text = renderScript({ script: "window", product, layout, variables: variablesOf(host, options) });
    return connection.run(
        `sudo -n bash -c ${quote(`umask 077 && mkdir -p -m 0700 ${runFolder} && cat >${scriptPath(options.token)}`)}`,
        text,
    );
}

export function startCommand(token: string): string {
    // Should the script itself be killed, systemd opens the host; after a thaw there is nothing left to run ("-"). Not when it was
    // refused because another capture's window is under way.
    const last = quote(`--property=ExecStopPost=-/bin/bash ${thawScript} lost - ${token}`);
    // Not from the operator's home, which may be data that is about to be proved quiet.
    return `cd / && exec sudo -n systemd-run --quiet --pipe --wait --collect --unit=posit-window-${token} ${last} /bin/bash ${scriptPath(token)}`;
}

export function discardScript(connection: HostConnection, token: string) {
    return connection.run(`sudo -n rm -f ${scriptPath(token)}`);
}

function variablesOf(host: WindowHost, options: WindowOptions): VariablesOf<"window"> {
    const { product, layout } = host;
    return {
        DATABASES: databaseRows(host.databases ?? []),
        TOKEN: options.token,
        MAX_CLOSED_SECONDS: options.maxClosedSeconds,
        MAX_STAY_SECONDS: options.maxStaySeconds,
        NOTICE: options.notice,
        BACK_MINUTES: options.backMinutes,
        DRAIN_SECONDS: options.drainSeconds,
        FORCE: options.force,
        START_SECONDS: options.startSeconds,
        // It stays on disk while the host may be closed, so no secret is among its variables.
        THAW_SCRIPT: renderScript({
            script: "thaw",
            product,
            layout,
            variables: { START_SECONDS: options.startSeconds },
        }),
    };
}

function databaseRows(databases: HostDatabase[]): VariablesOf<"window">["DATABASES"] {
    return databases.map(({ role, kind, path, unit, name, server, room }) => ({
        ...{ role, kind, path, unit, name, room },
        ...(server && {
            ...{ host: server.host, port: server.port, name: server.name, user: server.user, ca: server.ca },
            password: server.password && reveal(server.password),
        }),
    }));
}
