// Measures lie on disk, one file for each thing that was measured, so that measuring one size again leaves the others.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type MeasuredSize, writeMeasured } from "../../../../lab/measures/results";

const measured = (size: number, sources: MeasuredSize["sources"]): MeasuredSize => ({
    ...{ kind: "size", size, sources, closed: {}, phases: {} },
    volumes: { packageManager: 1, workbench: 2, connect: 1 },
});

describe("measures on disk", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "measures-"));
    after(() => fs.rmSync(folder, { recursive: true }));

    it("are a file for each size and shape of production, and one for windows beyond stop and start", () => {
        writeMeasured(measured(0.5, "plain"), folder);
        writeMeasured(measured(0.5, "volumes"), folder);
        writeMeasured(measured(0.5, "plain"), folder);
        writeMeasured({ ...measured(5, "plain"), kind: "windows", windows: [] }, folder);
        writeMeasured({ kind: "beyond", size: 0.2, rows: [] }, folder);
        assert.deepEqual(fs.readdirSync(folder).sort(), [
            "beyond.json",
            "size-0.5-plain.json",
            "size-0.5-volumes.json",
            "windows-5-plain.json",
        ]);
    });
});
