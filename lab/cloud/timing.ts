// How long the pretended AWS takes: as long as this machine needs ("fast"), or as AWS would ("aws"). Said by TIMING when the cloud starts, and
// from then on by whoever asks for it (SetTiming), so that one standing lab can be measured both ways.
import { CloudError } from "./api";

export const timings = ["fast", "aws"] as const;
export type Timing = (typeof timings)[number];

export interface TimingKeeper {
    now(): Timing;
    set(timing: Timing): void;
}

export function readTiming(text: string | undefined): Timing {
    if (text === undefined || text === "") return "fast";
    const found = timings.find((one) => one === text);
    if (found === undefined) throw new CloudError("InvalidParameterValue", `TIMING=${text}: ${timings.join(" or ")}.`);
    return found;
}

export function keepTiming(first: Timing): TimingKeeper {
    let current = first;
    return {
        now: () => current,
        set: (timing) => (current = readTiming(timing)),
    };
}
