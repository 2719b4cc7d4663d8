// Serves pulumirpc.ResourceProvider for a table of resource types. Only grpc and the generated messages are loaded: the whole SDK
// would cost each provider process most of a second.
import * as grpc from "@grpc/grpc-js";
import * as http2 from "node:http2";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { inputsOf, outputsOf, strangers } from "./answers";
import { difference, Difference } from "./diff";
import { grpcError, InitFailed } from "./errors";
import { OperationContext, ProviderDefinition, ResourceType, Unfinished } from "./resource";
import { fromStruct, isUnknown, Properties, toStruct, unknown, Unwrapped } from "./values";

type Handler<Request, Response> = (request: Request) => Promise<Response>;

/** Everything the engine may call, as functions of a request. */
export class Provider {
    private configuration: Properties = {};
    private readonly cancelled = new AbortController();

    constructor(private readonly definition: ProviderDefinition) {}

    readonly getPluginInfo = async () => {
        const info = new PluginInfo();
        info.setVersion(this.definition.version);
        return info;
    };

    readonly configure: Handler<proto.ConfigureRequest, proto.ConfigureResponse> = async (request) => {
        const raw = fromStruct(request.getArgs()).values;
        this.configuration = Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, decode(value)]));
        if (!isUnknown(this.configuration)) {
            await this.definition.configure?.(this.configuration);
        }
        const answer = new proto.ConfigureResponse();
        answer.setAcceptsecrets(true);
        answer.setAcceptresources(true);
        answer.setSupportspreview(true);
        return answer;
    };

    readonly check: Handler<proto.CheckRequest, proto.CheckResponse> = async (request) => {
        const type = this.typeOf(request.getUrn());
        const { values, secretKeys } = fromStruct(request.getNews());
        const inputs = { ...type.defaults?.(values, this.configuration), ...values };
        const answer = new proto.CheckResponse();
        answer.setInputs(toStruct(inputs, secretKeys));
        answer.setFailuresList(
            [...(type.check?.(inputs) ?? []), ...strangers(type, inputs).map(asStranger)].map(
                ({ property, reason }) => {
                    const failure = new proto.CheckFailure();
                    failure.setProperty(property);
                    failure.setReason(reason);
                    return failure;
                },
            ),
        );
        return answer;
    };

    readonly diff: Handler<proto.DiffRequest, proto.DiffResponse> = async (request) => {
        const type = this.typeOf(request.getUrn());
        const ignored = request.getIgnorechangesList().map(topLevel);
        const state = fromStruct(request.getOlds()).values;
        const before = type.inputs ? state : { ...fromStruct(request.getOldInputs()).values, ...answered(type, state) };
        const found = difference(type, before, fromStruct(request.getNews()).values).filter(
            (entry) => !ignored.includes(topLevel(entry.path)),
        );
        const answer = new proto.DiffResponse();
        answer.setChanges(
            found.length > 0 ? proto.DiffResponse.DiffChanges.DIFF_SOME : proto.DiffResponse.DiffChanges.DIFF_NONE,
        );
        answer.setReplacesList([
            ...new Set(found.filter((entry) => entry.replace).map((entry) => topLevel(entry.path))),
        ]);
        answer.setDiffsList([...new Set(found.map((entry) => topLevel(entry.path)))]);
        answer.setHasdetaileddiff(true);
        found.forEach((entry) => answer.getDetaileddiffMap().set(entry.path, propertyDiff(entry)));
        return answer;
    };

    readonly create: Handler<proto.CreateRequest, proto.CreateResponse> = async (request) => {
        const type = this.typeOf(request.getUrn());
        const inputs = fromStruct(request.getProperties());
        const answer = new proto.CreateResponse();
        if (request.getPreview()) {
            answer.setProperties(toStruct(planned(type, inputs.values), secretsOf(type, inputs)));
            return answer;
        }
        const toProperties = (outputs: Properties) =>
            toStruct(outputsOf(type, inputs.values, outputs), secretsOf(type, inputs));
        try {
            const created = await type.create(inputs.values, this.context(request.getTimeout()));
            answer.setId(created.id);
            answer.setProperties(toProperties(created.outputs));
            return answer;
        } catch (error) {
            if (error instanceof Unfinished) {
                throw new InitFailed(error.id, toProperties(error.outputs), request.getProperties(), error.message);
            }
            throw error;
        }
    };

    readonly read: Handler<proto.ReadRequest, proto.ReadResponse> = async (request) => {
        const type = this.typeOf(request.getUrn());
        const olds = fromStruct(request.getProperties());
        const inputs = fromStruct(request.getInputs());
        const imported = Object.keys(inputs.values).length === 0;
        const secrets = [...secretsOf(type, inputs), ...olds.secretKeys];
        const answer = new proto.ReadResponse();
        if (!type.read) {
            answer.setId(request.getId());
            answer.setProperties(toStruct(olds.values, secrets));
            answer.setInputs(toStruct(inputs.values, inputs.secretKeys));
            return answer;
        }
        const given = imported ? undefined : inputs.values;
        const found = await type.read(request.getId(), given, olds.values);
        if (found) {
            answer.setId(found.id);
            answer.setProperties(toStruct(outputsOf(type, olds.values, found.outputs), secrets));
            const read = found.inputs ?? inputsOf(type, given, found.outputs);
            // What an import does not name has the provider's defaults, or the program's next word would be a difference.
            const defaults = imported ? type.defaults?.(read, this.configuration) : {};
            answer.setInputs(toStruct({ ...defaults, ...read }, inputs.secretKeys));
        }
        return answer;
    };

    readonly update: Handler<proto.UpdateRequest, proto.UpdateResponse> = async (request) => {
        const type = this.typeOf(request.getUrn());
        const news = fromStruct(request.getNews());
        const olds = fromStruct(request.getOlds());
        const answer = new proto.UpdateResponse();
        if (request.getPreview()) {
            answer.setProperties(toStruct({ ...olds.values, ...news.values }, secretsOf(type, news)));
            return answer;
        }
        if (!type.update) {
            throw new Error(`${request.getType()} can't be changed in place`);
        }
        const context = this.context(request.getTimeout());
        const outputs = await type.update(
            request.getId(),
            news.values,
            olds.values,
            context,
            fromStruct(request.getOldInputs()).values,
        );
        answer.setProperties(toStruct(outputsOf(type, news.values, outputs), secretsOf(type, news)));
        return answer;
    };

    readonly delete: Handler<proto.DeleteRequest, Empty> = async (request) => {
        const type = this.typeOf(request.getUrn());
        await type.delete(
            request.getId(),
            fromStruct(request.getProperties()).values,
            this.context(request.getTimeout()),
        );
        return new Empty();
    };

    readonly invoke: Handler<proto.InvokeRequest, proto.InvokeResponse> = async (request) => {
        const invoke = this.definition.invokes[request.getTok()];
        if (!invoke) {
            throw new Error(`the lab's ${this.definition.name} provider has no function ${request.getTok()}`);
        }
        const answer = new proto.InvokeResponse();
        answer.setReturn(toStruct(await invoke(fromStruct(request.getArgs()).values, this.configuration)));
        return answer;
    };

    readonly cancel = async () => {
        this.cancelled.abort();
        return new Empty();
    };

    private typeOf(urn: string): ResourceType {
        const token = urn.split("::")[2]?.split("$").pop() ?? "";
        const type = this.definition.resources[token];
        if (!type) {
            throw new Error(`the lab's ${this.definition.name} provider has no resource type ${token}`);
        }
        return type;
    }

    private context(timeout: number): OperationContext {
        return { signal: this.cancelled.signal, timeout, configuration: this.configuration };
    }
}

/** Provider configuration that is not a string arrives as JSON in a string. */
function decode(value: unknown): unknown {
    if (typeof value !== "string" || !/^[[{"]|^(true|false|\d+)$/.test(value)) {
        return value;
    }
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}

function answered(type: ResourceType, state: Properties): Properties {
    return Object.fromEntries((type.readBack ?? []).filter((key) => key in state).map((key) => [key, state[key]]));
}

const asStranger = (property: string) => ({
    property,
    reason: "the provider has no such argument, or the lab's table of it (lab/aws/tables) is not complete",
});

function planned(type: ResourceType, inputs: Properties): Properties {
    const filled = [...type.computed, ...(type.optionalComputed ?? [])].filter((key) => inputs[key] === undefined);
    return { ...Object.fromEntries(filled.map((key) => [key, unknown])), ...inputs };
}

function secretsOf(type: ResourceType, inputs: Unwrapped): string[] {
    const tags = inputs.secretKeys.has("tags") ? ["tagsAll"] : [];
    return [...inputs.secretKeys, ...tags, ...(type.secretOutputs ?? [])];
}

function topLevel(path: string): string {
    return path.split(/[.[]/)[0];
}

function propertyDiff(entry: Difference): proto.PropertyDiff {
    const { Kind } = proto.PropertyDiff;
    const kinds = {
        add: entry.replace ? Kind.ADD_REPLACE : Kind.ADD,
        delete: entry.replace ? Kind.DELETE_REPLACE : Kind.DELETE,
        update: entry.replace ? Kind.UPDATE_REPLACE : Kind.UPDATE,
    };
    const diff = new proto.PropertyDiff();
    diff.setKind(kinds[entry.kind]);
    diff.setInputdiff(true);
    return diff;
}

/** Starts the server, says its port to the engine, and ends when the engine does. */
export function serve(definition: ProviderDefinition): void {
    const provider = new Provider(definition) as unknown as Record<string, Handler<unknown, unknown>>;
    const service = ResourceProviderService as unknown as grpc.ServiceDefinition;
    const names = Object.keys(service).filter((name) => typeof provider[name] === "function");
    const handlers = Object.fromEntries(
        names.map((name) => [
            name,
            (call: grpc.ServerUnaryCall<unknown, unknown>, callback: grpc.sendUnaryData<unknown>) => {
                provider[name](call.request).then(
                    (answer) => callback(null, answer),
                    (error: Error) => callback(grpcError(error)),
                );
            },
        ]),
    );
    const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
    server.addService(Object.fromEntries(names.map((name) => [name, service[name]])) as never, handlers as never);
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error) {
            throw error;
        }
        process.stdout.write(`${port}\n`);
    });
    const engine = process.argv.slice(2).find((argument) => /^[\w.]+:\d+$/.test(argument));
    if (engine) {
        leaveWith(engine);
    }
    // A plugin that outlives its signal costs every command five seconds.
    process.on("SIGINT", () => process.exit(0));
    process.on("SIGTERM", () => process.exit(0));
}

/** After SIGKILL of the engine nobody else would end this process. */
function leaveWith(engineAddress: string): void {
    const session = http2.connect(`http://${engineAddress}`);
    const leave = () => process.exit(0);
    session.on("close", leave);
    session.on("error", leave);
    session.unref();
}
