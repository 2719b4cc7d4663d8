// The real engine on the real program, in the lab: a project file of the lab's own whose `main` is the checkout's program (or an earlier
// one), with the plugins' places added, so that the project's own file stays clean.
import * as fs from "node:fs";
import * as path from "node:path";
import { checkout, cloudSocket, labFolder, languageHostFolder, pulumiHome, stateFolder } from "./paths";
import { run, RunResult } from "./run";
import { type Engine, findEngine } from "./toolchain/ladder";
import { findPlugins, linkLanguageHost, type Plugin } from "./toolchain/plugins";

export const projectFolder = path.join(labFolder, "project");
/** No secret protects anything here but itself: the lab's state is thrown away with the lab. */
const passphrase = "rehearsal";
let engine: Engine | undefined;

export function stackFilePath(stack: string): string {
    return path.join(projectFolder, `Pulumi.${stack}.yaml`);
}

export interface PluginReport {
    kind: "real" | "lab";
    version: string;
}

/** Writes the project and answers what is real and what stands in. */
export async function prepareProject(program = checkout): Promise<Record<string, PluginReport>> {
    engine = await findEngine();
    for (const folder of [projectFolder, pulumiHome, stateFolder]) {
        fs.mkdirSync(folder, { recursive: true });
    }
    const plugins = findPlugins(engine);
    const languageHost = linkLanguageHost(engine);
    writeProject(program, plugins);
    return {
        engine: { kind: "real", version: engine.version },
        ...Object.fromEntries(plugins.map(({ name, kind, version }) => [name, { kind, version }])),
        nodejs: {
            kind: languageHost.kind,
            version: languageHost.kind === "lab" ? engine.version : (languageHost.version ?? "as installed"),
        },
    };
}

/** From now on the engine runs the program of that folder, on the stacks that there are. */
function writeProject(program: string, plugins: Plugin[]): void {
    const providers = plugins
        .map(({ name, folder }) => `    - name: ${name}\n      path: ${path.relative(projectFolder, folder)}`)
        .join("\n");
    fs.writeFileSync(
        path.join(projectFolder, "Pulumi.yaml"),
        `name: posit\nruntime: nodejs\nmain: ${path.relative(projectFolder, program)}\nplugins:\n  providers:\n${providers}\n`,
    );
}

export interface PulumiOptions {
    input?: string;
    /** Say nothing of the output, not even in a log: it may hold secrets. */
    quiet?: boolean;
    onLine?: (line: string) => void;
    onStart?: (pid: number) => void;
    timeoutSeconds?: number;
    /** Exit status other than 0 is an answer too. */
    mayFail?: boolean;
}

/** One plain command of the engine. Throws with its last words when it fails. */
export async function pulumi(args: string[], options: PulumiOptions = {}): Promise<RunResult> {
    engine ??= await findEngine();
    const result = await run(engine.path, [...args, "--non-interactive", "--color", "never"], {
        cwd: projectFolder,
        env: engineEnvironment(),
        input: options.input,
        log: options.quiet ? undefined : "pulumi",
        onLine: options.onLine,
        onStart: options.onStart,
        timeoutSeconds: options.timeoutSeconds,
    });
    if (result.code !== 0 && !options.mayFail) {
        throw new Error(`pulumi ${args.slice(0, 2).join(" ")} failed:\n${lastWords(result)}`);
    }
    return result;
}

/** For whoever calls the engine by its name alone. */
export async function engineFolder(): Promise<string> {
    engine ??= await findEngine();
    return path.dirname(engine.path);
}

export function engineEnvironment(): NodeJS.ProcessEnv {
    return {
        ...process.env,
        SSH_AUTH_SOCK: undefined, // a dead agent fails every command
        PATH: `${languageHostFolder}:${process.env.PATH}`,
        PULUMI_HOME: pulumiHome,
        PULUMI_BACKEND_URL: `file://${stateFolder}`,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // Twelve volumes and four to spare; the default is four for each core.
        PULUMI_PARALLEL: "16",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        POSIT_LAB_CLOUD: cloudSocket,
    };
}

function lastWords({ stdout, stderr }: RunResult): string {
    const text = `${stdout}\n${stderr}`;
    const diagnostics = text.indexOf("Diagnostics:");
    const words = diagnostics >= 0 ? text.slice(diagnostics).split(/\n(?:Outputs|Resources):/)[0] : text;
    return words.trim().slice(-4000);
}
