// The cloud's daemon: one process that owns the state and answers JSON over a unix socket (see api.ts). Hosts and
// database servers outlive it: after a restart it finds them again.
import * as fs from "node:fs";
import * as http from "node:http";
import * as path from "node:path";
import { cloudFolder, cloudSocket } from "../paths";
import { CloudError } from "./api";
import type { Action, Request } from "./api";
import { type Clock, createClock } from "./clock";
import { createCloud } from "./context";
import { createDisturbances, type Disturbances } from "./disturbances";
import { startFabric } from "./network/fabric";
import type { Service } from "./service";
import { createServices } from "./services";
import { openStore } from "./state";
import { timingMode } from "./timing";

type Handler = (request: unknown) => Promise<unknown>;

async function main(): Promise<void> {
    const store = openStore(path.join(cloudFolder, "state.json"));
    const cloud = createCloud(store);
    const services = createServices(cloud);
    await startFabric();
    for (const service of services) {
        await service.start();
    }
    await cloud.context.applySecurityGroups();
    store.save();
    const server = serve(services, store.save, cloud.context.log);
    fs.rmSync(cloudSocket, { force: true });
    server.listen(cloudSocket, () => {
        fs.chmodSync(cloudSocket, 0o600);
        cloud.context.log(`answering on ${cloudSocket}`);
    });
    const leave = (): void => {
        cloud.context.log("leaving; hosts and databases run on");
        store.save();
        server.close(() => process.exit(0));
        setTimeout(() => process.exit(0), 5000).unref();
    };
    process.on("unhandledRejection", (reason) => cloud.context.log(`a mistake of this program: ${String(reason)}`));
    process.on("SIGTERM", leave);
    process.on("SIGINT", leave);
}

function serve(services: Service[], save: () => void, log: (message: string) => void): http.Server {
    const handlers = new Map<string, Handler>();
    for (const service of services) {
        for (const [action, handler] of Object.entries(service.handlers)) {
            handlers.set(action, handler as Handler);
        }
    }
    const clock = createClock(timingMode(undefined));
    const disturbances = createDisturbances();
    handlers.set("Disturb", async (request) => {
        disturbances.set((request as Request<"Disturb">).disturbances);
        return {};
    });
    handlers.set("SetTiming", async (request) => {
        clock.mode = timingMode((request as Request<"SetTiming">).mode);
        log(`timing: ${clock.mode}`);
        return {};
    });
    handlers.set("DescribeTiming", async () => ({ mode: clock.mode }));
    // The whole lab is stopped through here, so that databases and file systems are closed in order.
    handlers.set("StopLab", async () => {
        for (const service of [...services].reverse()) {
            await service.stop(); // hosts before the databases they use
        }
        return {};
    });
    const server = http.createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
            void answer({ handlers, disturbances, clock, save, log }, Buffer.concat(chunks).toString()).then(
                ({ status, body, lost }) => {
                    if (lost) {
                        response.destroy();
                        return;
                    }
                    response.writeHead(status, { "content-type": "application/json", connection: "close" });
                    response.end(JSON.stringify(body));
                },
            );
        });
    });
    server.requestTimeout = 0; // some answers take minutes
    return server;
}

interface Desk {
    handlers: Map<string, Handler>;
    disturbances: Disturbances;
    clock: Clock;
    save: () => void;
    log: (message: string) => void;
}

async function answer(
    { handlers, disturbances, clock, save, log }: Desk,
    text: string,
): Promise<{ status: number; body: unknown; lost?: boolean }> {
    const started = Date.now();
    let action = "?";
    const outcome = (what: string): void => log(`${action} ${what} ${Date.now() - started} ms`);
    try {
        const call = JSON.parse(text) as { action: Action; request?: object; by?: "provider" };
        action = call.action;
        const handler = handlers.get(action);
        if (!handler) {
            throw new CloudError("InvalidAction", `The action ${action} is not valid for this cloud.`);
        }
        const { request = {}, by } = call;
        const met = await disturbances.meet(action, request, by);
        const timed = by === "provider" ? await clock.begin(call.action, request) : undefined;
        const body = (await handler({ ...request, ...timed?.request, ...met.request })) as object;
        if (met.hideMilliseconds > 0) disturbances.hide(request, body, met.hideMilliseconds);
        await timed?.end();
        outcome(summary(request, body) + (met.answerLost ? " (answer lost)" : ""));
        return { status: 200, body, lost: met.answerLost };
    } catch (error) {
        const known = error instanceof CloudError;
        const code = known ? error.code : "InternalError";
        const message = error instanceof Error ? error.message : String(error);
        outcome(`${code}: ${message}`);
        return { status: known ? 400 : 500, body: { code, message, ...(known && error.givenUp && { givenUp: true }) } };
    } finally {
        save();
    }
}

/** The ids only: requests and answers may hold secrets (user data, passwords). */
function summary(...values: unknown[]): string {
    const ids = values.flatMap((value) =>
        Object.entries((value ?? {}) as Record<string, unknown>)
            .filter(([key, each]) => /^(id|identifier|name)$|Id$|Identifier$/.test(key) && typeof each === "string")
            .map(([, each]) => each as string),
    );
    return [...new Set(ids)].join(" ") || "-";
}

main().catch((error: Error) => {
    process.stderr.write(`The lab's cloud can't start: ${error.message}\n`);
    process.exit(1);
});
