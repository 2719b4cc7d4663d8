// Which runs of a stack this machine has: of a living engine, which are left alone, and of a dead one, which are to be ended. The sign of a run
// is the program that the engine starts (it is told its stack, whatever the order of words was, whoever called `pulumi`), and the engine
// itself, which is there also while no program is: it waits for an answer, refreshes, destroys.
import * as path from "node:path";
import { ProcessInfo } from "./processes";

export interface StackOfRuns {
    /** "prod", or "organization/project/prod". */
    stack: string;
    /** Folder of Pulumi.yaml. */
    folder: string;
    /** Its `name`; absent when it could not be read. */
    project?: string;
    /** Where its state is, as the environment says it. */
    backend: string;
}

export interface Run {
    pid: number;
    /** "program" or "engine" */
    what: "program" | "engine";
    live: boolean;
    /** For people: why it counts as one. */
    why: string;
}

/** What only the network tells: is there somebody at this address? `undefined`: it can't be known from here. */
export type Answers = (process: ProcessInfo, address: string) => Promise<boolean | undefined>;

/** `answers` is asked about a program whose engine is none of its ancestors. */
export async function runsOf(wanted: StackOfRuns, processes: ProcessInfo[], answers: Answers): Promise<Run[]> {
    const byPid = new Map(processes.map((process) => [process.pid, process]));
    const programs = processes.filter((process) => isProgramOf(process, wanted));
    const runs = await Promise.all(programs.map((program) => judgeProgram(program, byPid, answers)));
    const engines = processes.filter((process) => isEngineOf(process, wanted, processes, byPid));
    return [
        ...runs,
        ...engines.map(({ pid }): Run => ({ pid, what: "engine", live: true, why: "an engine at work on it" })),
    ];
}

async function judgeProgram(program: ProcessInfo, byPid: Map<number, ProcessInfo>, answers: Answers): Promise<Run> {
    const { pid } = program;
    const engine = ancestors(program, byPid).find(isEngine);
    if (engine) {
        return { pid: engine.pid, what: "engine", live: true, why: `its program is process ${pid}` };
    }
    const address = flag(program.argv, "--engine");
    const there = address === undefined ? false : await answers(program, address);
    return there === false
        ? { pid, what: "program", live: false, why: `its engine ${address ?? ""} is gone` }
        : {
              pid,
              what: "program",
              live: true,
              why: there
                  ? `its engine answers at ${address}`
                  : `whether its engine at ${address} still lives can't be told from here`,
          };
}

/** The SDK's runner, which every program of Node is started with. */
function isProgram({ argv }: ProcessInfo): boolean {
    return argv.some((word) => /(^|\/)@pulumi\/pulumi\/cmd\/run(\/index\.js)?$/.test(word));
}

function isProgramOf(process: ProcessInfo, wanted: StackOfRuns): boolean {
    if (!isProgram(process) || nameOf(flag(process.argv, "--stack") ?? "") !== nameOf(wanted.stack)) {
        return false;
    }
    const project = flag(process.argv, "--project");
    if (project !== undefined && wanted.project !== undefined && project !== wanted.project) {
        return false;
    }
    const folders = ["--root-directory", "--pwd"].map((name) => flag(process.argv, name));
    // Another checkout of this project, on the same backend, works on the same stack.
    return [process.folder, ...folders].includes(wanted.folder) || sharesState(process, wanted);
}

/** Words after which the engine changes a stack. */
const changing = ["up", "update", "refresh", "destroy", "import", "watch", "preview"];

function isEngine({ argv }: ProcessInfo): boolean {
    return /(^|\/)pulumi$/.test(argv[0] ?? "") && argv.slice(1).some((word) => changing.includes(word));
}

function isEngineOf(
    process: ProcessInfo,
    wanted: StackOfRuns,
    processes: ProcessInfo[],
    byPid: Map<number, ProcessInfo>,
): boolean {
    if (!isEngine(process)) {
        return false;
    }
    const { argv, folder, environment } = process;
    const cwd = folder && path.resolve(folder, flag(argv, "--cwd") ?? flag(argv, "-C") ?? ".");
    // Where the system doesn't tell, it may be.
    if (cwd !== undefined && cwd !== wanted.folder && !cwd.startsWith(`${wanted.folder}/`)) {
        return false;
    }
    const stack = flag(argv, "--stack") ?? flag(argv, "-s") ?? environment?.PULUMI_STACK;
    if (stack !== undefined) {
        return nameOf(stack) === nameOf(wanted.stack);
    }
    // The selected one, and it may have been selected anew since: its program knows. Without a program it may be any.
    const own = processes.filter((other) => isProgram(other) && ancestors(other, byPid).includes(process));
    return (
        own.length === 0 || own.some((program) => nameOf(flag(program.argv, "--stack") ?? "") === nameOf(wanted.stack))
    );
}

function sharesState({ environment }: ProcessInfo, { backend }: StackOfRuns): boolean {
    return environment !== undefined && backendOf(environment) === backend;
}

/** Which backend a process of that environment uses, as far as the environment decides. */
export function backendOf(environment: Record<string, string | undefined>): string {
    return ["PULUMI_BACKEND_URL", "PULUMI_HOME", "HOME"].map((name) => environment[name] ?? "").join("\n");
}

function ancestors(process: ProcessInfo, byPid: Map<number, ProcessInfo>): ProcessInfo[] {
    const found: ProcessInfo[] = [];
    for (let next = byPid.get(process.parent); next && !found.includes(next); next = byPid.get(next.parent)) {
        found.push(next);
    }
    return found;
}

/** The value of "--name value", "--name=value", "-n value" or "-nvalue". */
export function flag(argv: string[], name: string): string | undefined {
    const at = argv.findIndex((word) => word === name || word.startsWith(name.startsWith("--") ? `${name}=` : name));
    if (at < 0) {
        return undefined;
    }
    const word = argv[at];
    return word === name ? argv[at + 1] : word.slice(name.length).replace(/^=/, "");
}

/** A stack may be named in full. */
function nameOf(stack: string): string {
    return stack.split("/").pop() ?? stack;
}
