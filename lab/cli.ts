// The lab's commands, as `make` calls them. Everything that talks to hosts runs in the operator's network: those commands
// start themselves again inside it.
import { CannotHost, missingFromMachine } from "./machine";
import { endChildren } from "./run";

interface Command {
    help: string;
    run(args: string[]): Promise<number>;
}

// Each command loads only what it needs, so that `help` and `shellcheck` work before anything is built.
const commands: Record<string, Command> = {
    setup: {
        help: "fetch and build all that the rehearsal needs: system packages, toolchain, images, stand-in products",
        run: async () => {
            const { setup } = await import("./setup");
            await setup();
            return 0;
        },
    },
    rehearse: {
        help: "perform the whole procedure, prove it, write rehearsal/report.html and report.json",
        run: async (args) => (await import("./standing")).rehearseFromNothing(args),
    },
    faults: {
        help: "break things in captures and moves (FAULT=NAME: only those that begin so), write rehearsal/faults.json",
        run: async () => (await import("./standing")).faultsFromNothing(),
    },
    figures: {
        help: "figures [FILE…]: what faults, measures and reports found, into the tables of docs/reliability.md and docs/performance.md",
        run: async (args) => (await import("./figures")).writeFigures(args),
    },
    all: {
        help: "every rehearsal and all faults, one after the other (RESUME=1: go on), write rehearsal/all",
        run: async () => (await import("./all")).rehearseAll(),
    },
    measure: {
        help: "only measure the closed window, side by side with the ways by hand (SIZE, SOURCES; WINDOWS=N: the median of so many), write rehearsal/measures",
        run: async () => (await import("./standing")).measureFromNothing(),
    },
    "window-figures": {
        help: "measure what a window is closed for beyond stop and start, with 3, 4 and 12 volumes and TIMING=fast beside aws (WINDOWS=3)",
        run: async () => (await import("./standing")).windowFiguresFromNothing(),
    },
    legacy: {
        help: "only build the old production and leave it standing",
        run: async (args) => (await import("./standing")).legacyFromNothing(args),
    },
    status: {
        help: "tell what of this checkout's lab stands",
        run: async () => (await import("./status")).status(),
    },
    shell: {
        help: "shell HOST: a shell on old-connect, old-workbench, old-packageManager, new-connect, …",
        run: async (args) => (await import("./shell")).shell(args),
    },
    clean: {
        help: "remove everything of this checkout's lab, and nothing else (caches stay)",
        run: async () => {
            const { removeLab } = await import("./cloud/lifecycle");
            await removeLab((message) => console.log(message));
            return 0;
        },
    },
    shellcheck: {
        help: "look for mistakes in the shell scripts",
        run: async () => (await import("./shellcheck")).checkScripts(),
    },
    inside: { help: "", run: async (args) => (await import("./inside")).inside(args) },
};

function help(): string {
    const lines = Object.entries(commands)
        .filter(([, command]) => command.help !== "")
        .map(([name, command]) => `  ${name.padEnd(14)} ${command.help}`);
    return [
        "The one-machine cloud in which the whole upgrade is rehearsed (see docs/rehearsal.md).",
        "",
        ...lines,
        "",
        "Variables: SIZE=GiB of filler data (0.2), SOURCES=plain, volumes (four a host) or mixed (one of each kind: how the",
        "old production keeps its data), BASELINE=1 (measure the manual ways too), FAULT=NAME[,NAME…] (break something",
        "on purpose), RESUME=1 (go on where faults or everything was interrupted), SEED=NUMBER (of what faults leave to",
        "chance), KEEP=1 (leave the lab standing afterwards), DESTROY=1 (destroy the staging stack in",
        "both phases and build it anew), MISTAKES=1 (make an operator's mistakes on the way), EXTERNAL=1 (people lead the",
        "three names), EXISTING=1 (staging is built in a network that is there), VOLUMES=NUMBER (of each host, with",
        "SOURCES=plain), FROM=COMMIT (the dress rehearsal by the program of that commit, the rest by the present one),",
        "TIMING=fast or aws (the cloud answers at once, or as slowly, as late and as seldom as AWS does).",
        ...missingFromMachine().map((missing) => `This machine can't host it: it needs ${missing}.`),
    ].join("\n");
}

async function main(): Promise<void> {
    const [name = "help", ...args] = process.argv.slice(2);
    const command = commands[name];
    if (command === undefined) {
        console.log(help());
        process.exitCode = name === "help" ? 0 : 2;
        return;
    }
    try {
        process.exitCode = await command.run(args);
    } catch (error) {
        console.error(error instanceof CannotHost ? error.message : `${name}: ${(error as Error).message}`);
        if (process.env.DEBUG && error instanceof Error) console.error(error.stack);
        process.exitCode = 1;
    }
    endChildren("SIGTERM");
}

if (require.main === module) void main().then(() => process.exit());
