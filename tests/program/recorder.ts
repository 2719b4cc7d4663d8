// Runs the program under Pulumi's mocks with a monitor that records what the stock mocks hide: dependencies, parents, protect,
// retain, deletedWith, hooks. It leans on internals of @pulumi/pulumi (pinned exactly); recorder.test.ts proves that it still sees.
//
// Proves what the program asks the engine for. Does not prove that AWS, the engine or a host accept it: that is the rehearsal's part.
import * as pulumi from "@pulumi/pulumi";
import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- no types are published for these internals
const { MockMonitor } = require("@pulumi/pulumi/runtime/mocks") as { MockMonitor: StockMonitor };
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the same
const { getStore } = require("@pulumi/pulumi/runtime/state");

type StockMonitor = new (mocks: object) => {
    registerResource(request: resourceProto.RegisterResourceRequest, callback: unknown): Promise<void>;
};

type Done = (error: Error | null, answer?: unknown) => void;

export interface Registration {
    urn: string;
    type: string;
    name: string;
    parent: string;
    /** URNs, from `dependsOn` and from inputs alike. */
    dependencies: string[];
    inputs: Record<string, unknown>;
    protect: boolean;
    retainOnDelete: boolean;
    deleteBeforeReplace: boolean;
    deletedWith: string;
    ignoreChanges: string[];
    replaceOnChanges: string[];
    additionalSecretOutputs: string[];
    /** Old names, as the engine is told of them: as JSON. */
    aliases: string[];
    /** "URN::id" of one that was named explicitly; empty otherwise. */
    provider: string;
    timeouts: { create: string; update: string; delete: string };
    importId: string;
    hooks: { beforeCreate: string[]; afterCreate: string[]; onError: string[] };
    /** What the cloud answered. */
    id: string;
    outputs: Record<string, unknown>;
}

/** Where the program can be called back (its language host's own server), as an engine is told it. */
export interface Callback {
    target: string;
    token: string;
}

export interface Recording {
    registrations: Registration[];
    outputs: Record<string, unknown>;
    /** By a hook's name. */
    callbacks?: Record<string, Callback>;
}

export type Answer = (args: pulumi.runtime.MockResourceArgs) => { id?: string; state: Record<string, unknown> };
export type Lookup = (args: pulumi.runtime.MockCallArgs) => Record<string, unknown>;

class RecordingMonitor extends MockMonitor {
    readonly registrations: Registration[] = [];
    readonly callbacks: Record<string, Callback> = {};

    registerResourceHook(request: resourceProto.RegisterResourceHookRequest, done: Done): void {
        const { target = "", token = "" } = request.getCallback()?.toObject() ?? {};
        this.callbacks[request.getName()] = { target, token };
        done(null, {});
    }

    registerErrorHook(_request: unknown, done: Done): void {
        done(null, {});
    }

    async registerResource(request: resourceProto.RegisterResourceRequest, done: Done): Promise<void> {
        const registration = describe(request);
        return super.registerResource(
            request,
            (error: Error | null, answer: resourceProto.RegisterResourceResponse) => {
                if (answer) {
                    const outputs = (answer.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>;
                    this.registrations.push({ ...registration, urn: answer.getUrn(), id: answer.getId(), outputs });
                }
                done(error, answer);
            },
        );
    }
}

function describe(request: resourceProto.RegisterResourceRequest): Registration {
    const hooks = request.getHooks()?.toObject();
    return {
        urn: "",
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent(),
        dependencies: request.getDependenciesList(),
        inputs: (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
        protect: request.getProtect() ?? false,
        retainOnDelete: request.getRetainondelete() ?? false,
        deleteBeforeReplace: request.getDeletebeforereplace(),
        deletedWith: request.getDeletedwith(),
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        aliases: [
            ...request.getAliasurnsList(),
            ...request.getAliasesList().map((alias) => JSON.stringify(alias.toObject())),
        ],
        provider: request.getProvider(),
        timeouts: {
            create: request.getCustomtimeouts()?.getCreate() ?? "",
            update: request.getCustomtimeouts()?.getUpdate() ?? "",
            delete: request.getCustomtimeouts()?.getDelete() ?? "",
        },
        importId: request.getImportid(),
        hooks: {
            beforeCreate: hooks?.beforeCreateList ?? [],
            afterCreate: hooks?.afterCreateList ?? [],
            onError: hooks?.onErrorList ?? [],
        },
        id: "",
        outputs: {},
    };
}

/**
 * Runs `program` and answers everything it registered. Configuration and stack must be set by the program's own means. `quiet`: how long nothing
 * more must come before it is over, ms.
 */
export async function record(
    program: () => Promise<Record<string, unknown> | void>,
    options: { stack?: string; answer: Answer; lookup: Lookup; preview?: boolean; quiet?: number },
): Promise<Recording> {
    const stack = options.stack ?? "staging";
    const lookup = withWords(options.lookup);
    await pulumi.runtime.setMocks(
        { newResource: options.answer as never, call: lookup as never },
        "posit",
        stack,
        options.preview,
    );
    const monitor = new RecordingMonitor({ newResource: options.answer, call: lookup });
    (pulumi.runtime as unknown as { setMockOptions: (...args: unknown[]) => void }).setMockOptions(
        monitor,
        "posit",
        stack,
        options.preview ?? false,
        "organization",
    );
    Object.assign(getStore(), {
        supportsResourceHooks: true,
        supportsErrorHooks: true,
        supportsDeletedWith: true,
        supportsReplaceWith: true,
        supportsAliasSpecs: true,
        supportsSecrets: true,
        supportsOutputValues: false,
    });
    // The runtime keeps a trace of each resource and promise: mapped back to its sources, that is most of a run's time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = Math.min(stackTraceLimit, 1);
    try {
        const outputs = await pulumi.runtime.runInPulumiStack(async () => program() as never);
        await settle(monitor, options.quiet);
        const { registrations, callbacks } = monitor;
        return { registrations, callbacks, outputs: (outputs ?? {}) as Record<string, unknown> };
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
}

/** The SDK takes an error's words from where gRPC has them. */
function withWords(lookup: Lookup): Lookup {
    return (args) => {
        try {
            return lookup(args);
        } catch (error) {
            throw Object.assign(error as Error, { details: (error as Error).message });
        }
    };
}

/** Registrations go on after the program returned; they are over when the runtime waits for none, and none came for a while. */
async function settle(monitor: RecordingMonitor, quiet = 150): Promise<void> {
    for (let seen = -1; seen !== monitor.registrations.length;) {
        seen = monitor.registrations.length;
        await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
        await new Promise((resolve) => setTimeout(resolve, quiet));
    }
}

/** Everything `of` waits for, directly or not; components stand for their children. */
export function reachable(recording: Recording, of: Registration): Set<string> {
    const byUrn = new Map(recording.registrations.map((registration) => [registration.urn, registration]));
    const seen = new Set<string>();
    const visit = (urn: string): void => {
        for (const next of byUrn.get(urn)?.dependencies ?? []) {
            if (!seen.has(next)) {
                seen.add(next);
                visit(next);
            }
        }
    };
    visit(of.urn);
    return seen;
}
