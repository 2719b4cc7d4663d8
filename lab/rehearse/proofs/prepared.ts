// That a restore loads into the server which was prepared for it, and makes none. Read from the states that were kept after either commit: nobody waits
// for a question.
import { finalRestore, prepareServer, tokens } from "../commits";
import type { Rehearsal } from "../rehearsal";
import { keptState } from "../states";

interface StateEntry {
    type: string;
    urn: string;
    id?: string;
    /** When the engine had it made. */
    created?: string;
}

export function checkPreparedServer({ recorder }: Rehearsal): void {
    const [before, after] = [prepareServer, finalRestore].map(({ name, stack }) =>
        serversOf(keptState(name, stack), tokens.final),
    );
    recorder.check("The final capture was loaded into the server that stood before it", sameServer(before, after), {
        before,
        after,
    });
}

export function sameServer(before: string[], after: string[]): boolean {
    return before.length === 1 && after.length === 1 && before[0] === after[0];
}

/**
 * Database servers of a capture, each with what another one of its name would not have.
 * @param exported in the format of `pulumi stack export`
 */
export function serversOf(exported: string, token: string): string[] {
    const { deployment } = JSON.parse(exported) as { deployment: { resources?: StateEntry[] } };
    return (deployment.resources ?? [])
        .filter(({ type, urn }) => type === "aws:rds/instance:Instance" && urn.includes(`::databases-server-${token}-`))
        .map(({ urn, id, created }) => `${urn.replace(/^.*::/, "")} ${id} made ${created}`);
}
