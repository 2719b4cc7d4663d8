// Mocha's own report, and one line after it: what was not proved on this machine. With CI set that is a failure, whoever skipped it and how.
import { MochaOptions, reporters, Runner } from "mocha";
import { because } from "./needs";

/** "2 tests of root; 12 tests of Postgres …", for what was skipped with a reason and without. */
export function notProved(titles: string[]): string {
    const reasons = titles.map(
        (title) => title.split(because)[1] ?? "no reason that it gives (tests/needs.ts has how to give one)",
    );
    const counted = [...new Set(reasons)].map((reason) => {
        const number = reasons.filter((other) => other === reason).length;
        return `${number} test${number === 1 ? "" : "s"} for want of ${reason}`;
    });
    return `Not proved here: ${counted.join("; ")}.`;
}

export default class Proved extends reporters.Spec {
    private readonly skipped: string[] = [];

    constructor(runner: Runner, options: MochaOptions) {
        super(runner, options);
        runner.on("pending", ({ title }: { title: string }) => void this.skipped.push(title));
    }

    done(failures: number, end: (failures: number) => void): void {
        if (this.skipped.length > 0) {
            console.log(notProved(this.skipped));
            if (process.env.CI) console.log("With CI set that is a failure.");
        }
        end(failures + (process.env.CI ? this.skipped.length : 0));
    }
}

// Mocha takes a reporter as the module itself.
module.exports = Object.assign(Proved, { notProved });
