// Database servers that a killed run of this stack has left in the cloud: found before anything is registered, in a preview too, and handed on to be
// taken over where they are this stack's own (decision 43).
import * as pulumi from "@pulumi/pulumi";
import { serverIfThere, ServerQuestions, serverQuestions, serverStatus } from "../cloud/servers";
import type { EnvironmentOutputs } from "../contract/environment";
import { serverOf } from "../databases";
import { MadeServer, notOurs, unasked, unusable } from "../logic/leftServers";
import { rdsName } from "../logic/physicalNames";
import { EnvironmentServer, freshServer } from "../logic/plannedServers";
import { byProduct } from "../products";
import { messageOf } from "../remote/limits";
import { refuse } from "./refusals";

/** By identifier, the id to import. One that was published stands in the state, and is not asked about. */
export async function leftServers(
    planned: EnvironmentServer[],
    made: MadeServer,
    published: string[],
    ask: ServerQuestions = serverQuestions,
): Promise<Record<string, string>> {
    const found = await Promise.all(
        planned
            .filter(({ identifier }) => !published.includes(identifier))
            .map((server) => leftServer(server, made, ask)),
    );
    const left = found.flatMap((one) => one ?? []);
    refuse(
        "this environment's database server can't be made",
        left.flatMap(({ problems }) => problems),
    );
    for (const { identifier, status } of left) {
        void pulumi.log.info(
            `database server ${identifier} is there already: a run that ended has made it (RDS says ${status}); this one goes on with it`,
        );
    }
    return Object.fromEntries(left.map(({ identifier, id }) => [identifier, id]));
}

/** Those that this stack's last outputs tell of, by identifier; what physical names begin with is `base`. */
export function publishedServers(base: string, own: EnvironmentOutputs | undefined): string[] {
    const prepared = own?.prepared;
    return [
        ...(own ? byProduct(own.databases).flatMap(([, list]) => list.flatMap((one) => serverOf(one) ?? [])) : []),
        ...(prepared === undefined ? [] : [rdsName(freshServer(base, prepared))]),
    ];
}

interface Left {
    identifier: string;
    id: string;
    status: string;
    problems: string[];
}

async function leftServer(
    server: EnvironmentServer,
    made: MadeServer,
    ask: ServerQuestions,
): Promise<Left | undefined> {
    const { identifier } = server;
    const seen = await serverIfThere(identifier, ask.server);
    if (!seen?.resourceId) {
        return undefined;
    }
    const left = { identifier, id: seen.resourceId };
    const problems = notOurs(server, seen, made);
    if (problems.length > 0) {
        return { ...left, status: "", problems };
    }
    try {
        const status = await serverStatus(identifier, ask.resource);
        return status === undefined
            ? { ...left, status: "", problems: [unasked(identifier, "the answer has no state")] }
            : { ...left, status, problems: unusable(identifier, status) };
    } catch (error) {
        return { ...left, status: "", problems: [unasked(identifier, messageOf(error))] };
    }
}
