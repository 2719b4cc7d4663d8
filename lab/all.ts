// `make rehearse-all`: the lab's own tests, every rehearsal and the whole list of faults, one after the other, each as `make` would run it
// alone. What is done is kept on disk, so that RESUME=1 goes on where it was interrupted as long as the tree is the same.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { treeId } from "./faults/results";
import { sources } from "./legacy/sources";
import { checkout, reportFolder } from "./paths";
import { say, seconds } from "./progress";
import { statesFolder } from "./rehearse/states";

export interface Part {
    name: string;
    command: "rehearse" | "states" | "faults" | "lab-test";
    env: Record<string, string>;
}

export interface DonePart {
    name: string;
    passed: number;
    failed: number;
    seconds: number;
}

interface Done {
    tree: string;
    parts: DonePart[];
}

/**
 * The longest comes last: what fails early is known early. Mistakes and destroying only add steps to a rehearsal, so that each shape of
 * production needs one.
 */
const alone: Part[] = [
    { name: "the lab itself", command: "lab-test", env: {} },
    ...Object.keys(sources).map((name): Part => ({
        name: `${name}, destroyed and built anew${name === "plain" ? ", with an operator's mistakes" : ""}`,
        command: "rehearse",
        env: { SOURCES: name, DESTROY: "1", ...(name === "plain" && { MISTAKES: "1" }) },
    })),
    {
        name: "plain, with names that people lead",
        command: "rehearse",
        env: { SOURCES: "plain", EXTERNAL: "1" },
    },
    {
        name: "plain, in a network that was there",
        command: "rehearse",
        env: { SOURCES: "plain", EXISTING: "1" },
    },
    ...["plain", "mixed"].map((name): Part => ({
        name: `${name}, taken over from the program before`,
        command: "rehearse",
        env: { SOURCES: name, FROM: earlierProgram() },
    })),
    { name: "all faults", command: "faults", env: { FAULT: "" } },
];

/**
 * The states of a rehearsal are there until the next one begins: they are held against AWS's models in between. Of one that is taken over they are not:
 * what an earlier program made stands as that one made it.
 */
const statesOf = ({ name }: Part): Part => ({
    name: `states of: ${name}`,
    command: "states",
    env: { EXPORTS: statesFolder },
});

export const parts: Part[] = alone.flatMap((part) =>
    part.command === "rehearse" && !part.env.FROM ? [part, statesOf(part)] : [part],
);

/** Whose installations must go on (lab/README.md). */
function earlierProgram(): string {
    return fs.readFileSync(path.join(checkout, "lab", "from"), "utf8").trim();
}

const folder = path.join(reportFolder, "all");
const resultsFile = path.join(folder, "results.json");

export async function rehearseAll(): Promise<number> {
    const tree = treeId() ?? "unknown";
    const done = begin(tree, process.env.RESUME === "1");
    const began = Date.now();
    for (const [index, part] of parts.entries()) {
        if (done.parts.some(({ name }) => name === part.name)) continue;
        say(`Part ${index + 1} of ${parts.length}: ${part.name} (${seconds(Date.now() - began)} so far)`);
        const result = await perform(part);
        if (result === "interrupted") {
            say("Interrupted; RESUME=1 goes on from here.");
            return 130;
        }
        done.parts.push(result);
        fs.writeFileSync(resultsFile, `${JSON.stringify(done, null, 2)}\n`);
        say(line(result));
    }
    return summary(done);
}

function begin(tree: string, resume: boolean): Done {
    const earlier = resume ? earlierOf(tree) : "RESUME=1 was not said";
    if (typeof earlier !== "string") {
        say(`RESUME=1: ${earlier.parts.length} of ${parts.length} parts are done already`);
        return earlier;
    }
    if (resume) say(`RESUME=1: ${earlier}; everything begins anew`);
    // Faults that were tried on their own may go on too, but only where that was asked for.
    if (!resume) fs.rmSync(path.join(reportFolder, "faults.json"), { force: true });
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    return { tree, parts: [] };
}

function earlierOf(tree: string): Done | string {
    if (!fs.existsSync(resultsFile)) return "there are no results of an earlier run";
    const found = JSON.parse(fs.readFileSync(resultsFile, "utf8")) as Done;
    return found.tree === tree ? found : `the results on hand are stale: they are of another tree (${found.tree})`;
}

async function perform(part: Part): Promise<DonePart | "interrupted"> {
    const began = Date.now();
    // Faults go on from their own file, whose tree they look at themselves.
    if (part.command === "rehearse") fs.rmSync(reportOf(part), { force: true });
    const { code, signal, text } = await runPart(part);
    if (signal === "SIGINT" || code === 130) return "interrupted";
    const counted = isTests(part) ? countTests(text) : countReport(part);
    if (!isTests(part)) keepReports(part);
    // Ended badly without having counted a failure: that is one.
    const failed = code !== 0 && counted.failed === 0 ? 1 : counted.failed;
    return { name: part.name, passed: counted.passed, failed, seconds: (Date.now() - began) / 1000 };
}

const isTests = ({ command }: Part): boolean => command === "lab-test" || command === "states";

const reportOf = ({ command }: Part): string =>
    path.join(reportFolder, command === "faults" ? "faults.json" : "report.json");

function keepReports(part: Part): void {
    const kept = part.name.replace(/\W+/g, "-");
    for (const name of ["report.html", "report.json", "faults.json"]) {
        const file = path.join(reportFolder, name);
        if (fs.existsSync(file) && (name === "faults.json") === (part.command === "faults")) {
            fs.copyFileSync(file, path.join(folder, `${kept}.${name}`));
        }
    }
}

const mocha = require.resolve("mocha/bin/mocha.js");
const typescript = ["--require", "ts-node/register/transpile-only"];

/** As the Makefile has each. */
function commandOf({ command }: Part): string[] {
    switch (command) {
        case "lab-test":
            return [mocha, "--config", ".mocharc.lab.json"];
        case "states": {
            const how = ["--reporter", "./tests/reporter.ts", "--timeout", "900000", "--exit"];
            return [mocha, "--no-config", ...typescript, ...how, "tests/conformance/exported/exported.test.ts"];
        }
        default:
            return [...typescript, path.join(checkout, "lab", "cli.ts"), command];
    }
}

function runPart(part: Part): Promise<{ code: number | null; signal: NodeJS.Signals | null; text: string }> {
    const env = {
        ...process.env,
        SOURCES: "",
        FAULT: "",
        MISTAKES: "",
        DESTROY: "",
        EXTERNAL: "",
        EXISTING: "",
        FROM: "",
        KEEP: "",
        RESUME: "1",
        ...part.env,
    };
    // A terminal sends its Ctrl-C to both; this one waits for the other to end in order.
    const ignore = () => undefined;
    process.on("SIGINT", ignore);
    return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, commandOf(part), {
            cwd: checkout,
            env,
            stdio: ["inherit", "pipe", "inherit"],
        });
        let text = "";
        child.stdout.on("data", (chunk: Buffer) => {
            process.stdout.write(chunk);
            if (isTests(part)) text += chunk.toString();
        });
        child.on("error", reject);
        child.on("close", (code, signal) => {
            process.off("SIGINT", ignore);
            resolve({ code, signal, text });
        });
    });
}

interface Counted {
    passed: number;
    failed: number;
}

/** Skipped ones count as failed: here everything is to be proved. */
function countTests(text: string): Counted {
    const sum = (word: string) =>
        [...text.matchAll(new RegExp(`^ *(\\d+) ${word}`, "gm"))].reduce(
            (total, [, count]) => total + Number(count),
            0,
        );
    return { passed: sum("passing"), failed: sum("failing") + sum("pending") };
}

function countReport(part: Part): Counted {
    const report = reportOf(part);
    if (!fs.existsSync(report)) return { passed: 0, failed: 0 };
    const found = JSON.parse(fs.readFileSync(report, "utf8")) as Record<"checks" | "rows", { passed: boolean }[]>;
    const all = found[part.command === "faults" ? "rows" : "checks"];
    const passed = all.filter((one) => one.passed).length;
    return { passed, failed: all.length - passed };
}

function summary({ parts: done }: Done): number {
    say("Everything:");
    for (const part of done) say(line(part));
    const sum = (key: "passed" | "failed" | "seconds") => done.reduce((total, part) => total + part[key], 0);
    say(`${seconds(sum("seconds") * 1000)} in all`);
    say(`${sum("passed")} passed, ${sum("failed")} failed`);
    return sum("failed") === 0 ? 0 : 1;
}

function line({ name, passed, failed, seconds: took }: DonePart): string {
    return `  ${failed === 0 ? "✓" : "✗"} ${name.padEnd(60)} ${String(passed).padStart(4)} passed ${String(failed).padStart(3)} failed  ${seconds(took * 1000)}`;
}
