// The one way to skip a test: what this machine lacks is said with it (tests/reporter.ts collects that), and with CI set it is a failure.
import type { Context, Hook, Test } from "mocha";

/** Between a test's title and why it did not run. */
export const because = " — not here: ";

/** @param what that a test, or the tests after a `before`, can't do without; and how to come by it. */
export function needs(context: Context, there: boolean, what: string): void {
    if (there) {
        return;
    }
    if (process.env.CI) {
        throw new Error(`needs ${what}; with CI set nothing may be skipped`);
    }
    const skipped = (test: { title: string }) => (test.title += `${because}${what}`);
    const test = context.test as Test | Hook | undefined;
    if (test?.type === "hook") {
        test.parent?.eachTest((one: Test) => void skipped(one));
    } else if (test) {
        skipped(test);
    }
    context.skip();
}

export const root = "root (some things only root can make, or hand to somebody)";
export const postgres = "Postgres (`make setup` installs it)";
