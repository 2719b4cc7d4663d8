// A capture's run that asks nothing and finds nothing wrong: tests say what differs.
import type { CaptureRunArgs } from "../../../../remote/capture/run";
import type { WindowOptions } from "../../../../remote/window/types";

const options: WindowOptions = {
    token: "t1",
    reopen: true,
    maxClosedSeconds: 60,
    maxStaySeconds: 3600,
    notice: "Moving.",
    backMinutes: 5,
    force: false,
    drainSeconds: 1,
    startSeconds: 60,
};

export const runDefaults: CaptureRunArgs = {
    options,
    hosts: [],
    log: () => undefined,
    databases: [],
    preflight: async () => [],
    notePointInTime: true,
    expected: [],
    requested: async () => ({}),
};

export const optionsWith = (change: Partial<WindowOptions>): WindowOptions => ({ ...options, ...change });
