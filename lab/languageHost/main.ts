// Stands in for `pulumi-language-nodejs`, which is not to be had from package registries: serves pulumirpc.LanguageRuntime and
// starts the program with the SDK's own runner, as the real one does.
import * as grpc from "@grpc/grpc-js";
import { ChildProcess, spawn } from "node:child_process";
import * as http2 from "node:http2";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** The SDK's runner exits so when it has told the engine about the error itself. */
const alreadyReported = 32;

/** For an answer to get out before the process ends. */
const answerMilliseconds = 50;

const engineAddress = process.argv
    .slice(2)
    .filter((argument) => !argument.startsWith("-"))
    .pop();
let program: ChildProcess | undefined;

function run(request: language.RunRequest): Promise<language.RunResponse> {
    const info = request.getInfo();
    const folder = info?.getProgramDirectory() || request.getPwd();
    const runner = require.resolve("@pulumi/pulumi/cmd/run", { paths: [folder] });
    const args = [
        runner,
        ...["--monitor", request.getMonitorAddress(), "--engine", engineAddress ?? ""],
        ...[
            "--project",
            request.getProject(),
            "--stack",
            request.getStack(),
            "--organization",
            request.getOrganization(),
        ],
        ...["--root-directory", info?.getRootDirectory() ?? folder, "--pwd", request.getPwd()],
        ...["--parallel", String(request.getParallel())],
        ...(request.getDryrun() ? ["--dry-run"] : []),
        info?.getEntryPoint() || ".",
        ...request.getArgsList(),
    ];
    const env = {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: "true",
        PULUMI_NODEJS_ORGANIZATION: request.getOrganization(),
        PULUMI_NODEJS_PROJECT: request.getProject(),
        PULUMI_NODEJS_STACK: request.getStack(),
        PULUMI_NODEJS_PARALLEL: String(request.getParallel()),
        PULUMI_NODEJS_DRY_RUN: String(request.getDryrun()),
        PULUMI_NODEJS_MONITOR: request.getMonitorAddress(),
        PULUMI_NODEJS_ENGINE: engineAddress,
    };
    return new Promise((resolve) => {
        program = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"] });
        const answer = new language.RunResponse();
        program.once("error", (error) => {
            answer.setError(error.message);
            resolve(answer);
        });
        program.once("close", (code, signal) => {
            program = undefined;
            if (code === alreadyReported) {
                answer.setBail(true);
            } else if (code !== 0) {
                answer.setError(`the program ended with ${signal ?? `status ${code}`}`);
            }
            resolve(answer);
        });
    });
}

function about(): plugin.PluginInfo {
    const answer = new plugin.PluginInfo();
    answer.setVersion("3.248.0");
    return answer;
}

/** The engine's Ctrl-C and its death both end the program; without this it would live on as an orphan. */
function leave(): void {
    program?.kill("SIGTERM");
    setTimeout(() => process.exit(0), program ? 200 : 0);
}

/** A program that was told to end may still open production again. */
function leaveWithProgram(): void {
    if (program) {
        program.once("close", () => setTimeout(() => process.exit(0), answerMilliseconds));
    } else {
        process.exit(0);
    }
}

function watchEngine(address: string): void {
    const session = http2.connect(`http://${address}`);
    session.on("close", leave);
    session.on("error", leave);
    session.unref();
}

type Call = { request: never };
type Callback = grpc.sendUnaryData<unknown>;
const answerWith = (make: () => unknown) => (_call: Call, callback: Callback) => callback(null, make() as never);

const handlers = {
    handshake: answerWith(() => new language.LanguageHandshakeResponse()),
    getPluginInfo: answerWith(about),
    getRequiredPlugins: answerWith(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: answerWith(() => new language.GetRequiredPackagesResponse()),
    // The engine's last word, after which it waits up to five seconds for this process to end.
    cancel: (_call: Call, callback: Callback) => {
        program?.kill("SIGINT");
        callback(null, new Empty() as never);
        setTimeout(leaveWithProgram, answerMilliseconds);
    },
    run: (call: { request: language.RunRequest }, callback: Callback) => {
        run(call.request).then(
            (answer) => callback(null, answer as never),
            (error: Error) => callback(error),
        );
    },
};

const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
const service = LanguageRuntimeService as unknown as grpc.ServiceDefinition;
const implemented = Object.fromEntries(Object.entries(service).filter(([name]) => name in handlers));
server.addService(implemented as never, handlers as never);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
        throw error;
    }
    process.stdout.write(`${port}\n`);
    if (engineAddress) {
        watchEngine(engineAddress);
    }
});
process.on("SIGINT", () => undefined); // a terminal's Ctrl-C reaches the engine, which decides
process.on("SIGTERM", leave);
