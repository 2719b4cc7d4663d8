// A capture's run that asks nothing and finds nothing wrong: tests say what differs.
import type { CaptureRunArgs } from "../../../../remote/capture/run";

export const runDefaults: CaptureRunArgs = {
    token: "t1",
    hosts: [],
    reopen: true,
    maxClosedSeconds: 60,
    maxStaySeconds: 3600,
    notice: "Moving.",
    backMinutes: 5,
    force: false,
    drainSeconds: 1,
    startSeconds: 60,
    log: () => undefined,
    databases: [],
    preflight: async () => [],
    notePointInTime: true,
    expected: [],
    requested: async () => ({}),
};
