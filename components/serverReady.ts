// Waits until a database server that an ended run has left is ready: RDS changes none before (InvalidDBInstanceState), and the provider does not wait for it.
import * as pulumi from "@pulumi/pulumi";
import { isRefusedByCloud } from "../cloud/refused";
import { serverStatus } from "../cloud/servers";
import { stateOf, unasked, unusable } from "../logic/leftServers";

const lookMilliseconds = 5_000;
/** How often to say that it goes on, in looks. */
const sayEvery = 24;

/** Answers its identifier. What else is made goes on meanwhile; a preview does not wait. */
export async function serverReady(
    identifier: string,
    { pause = lookMilliseconds, ask = serverStatus } = {},
): Promise<string> {
    for (let look = 0; !pulumi.runtime.isDryRun(); look++) {
        const status = await askAgain(identifier, ask);
        if (status !== undefined && stateOf(status) === "ready") {
            return identifier;
        }
        const [why] = status === undefined ? [] : unusable(identifier, status);
        if (why !== undefined) {
            throw new pulumi.RunError(why);
        }
        if (look % sayEvery === 0) {
            void pulumi.log.info(
                `database server ${identifier}: waits until it is ready (RDS says ${status ?? "nothing"})`,
            );
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return identifier;
}

/** One look that goes wrong says nothing; that it is not allowed any longer does. */
async function askAgain(identifier: string, ask: typeof serverStatus): Promise<string | undefined> {
    try {
        return await ask(identifier);
    } catch (error) {
        if (isRefusedByCloud(error)) {
            throw new pulumi.RunError(unasked(identifier, String(error)));
        }
        return undefined;
    }
}
