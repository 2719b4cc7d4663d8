// An error hook that waits and lets the engine try an operation again: for what the cloud refuses now and grants a little later.
import * as pulumi from "@pulumi/pulumi";

export interface TryAgainArgs {
    /** Errors that pass with time; any other fails at once. */
    passing: RegExp;
    /** How often at most. */
    tries: number;
    /** Milliseconds before the next try, the first being 1. */
    pause: (attempt: number) => number;
    /** Said before every pause. */
    says: string;
}

export function tryAgain(name: string, { passing, tries, pause, says }: TryAgainArgs): pulumi.ErrorHook {
    let attempt = 0;
    return new pulumi.ErrorHook(name, async ({ errors }) => {
        if (!errors.some((error) => passing.test(error)) || attempt >= tries) {
            return false;
        }
        attempt++;
        void pulumi.log.info(says);
        await new Promise((resolve) => setTimeout(resolve, pause(attempt)));
        return true;
    });
}
