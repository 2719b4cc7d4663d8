// How the old production's data is spread over its volumes. That the files are there, random and real, is seen by `make measure`.
import { strict as assert } from "node:assert";
import { fillers } from "../../../../lab/legacy/build";
import { sources } from "../../../../lab/legacy/sources";
import { productIds } from "../../../../products/ids";

const lines = (...args: Parameters<typeof fillers>) =>
    fillers(...args)
        .split("\n")
        .map((line) => line.split(" "));

describe("the old production's data", () => {
    for (const name of Object.keys(sources) as (keyof typeof sources)[]) {
        it(`is as much as SIZE says, with ${name} sources`, () => {
            const megabytes = productIds.flatMap((product) =>
                lines(
                    10,
                    product,
                    sources[name][product].places.map(({ mount }) => mount),
                ).map(([, , size]) => Number(size)),
            );
            assert.ok(Math.abs(megabytes.reduce((sum, size) => sum + size, 0) - 10 * 1024) < 20);
        });
    }

    it("lies on each of four volumes, and is somebody's", () => {
        assert.deepEqual(lines(1, "workbench", ["/home", "/var/lib/rstudio-server", "/data/a", "/data/b"]), [
            ["/home/alice/data", "alice", "102"],
            ["/var/lib/rstudio-server/archive", "rstudio-server", "102"],
            ["/data/a/archive", "rstudio-server", "102"],
            ["/data/b/archive", "rstudio-server", "102"],
        ]);
    });

    it("leaves a database's own place alone", () => {
        const places = lines(1, "workbench", ["/home", "/var/lib/postgresql"]);
        assert.deepEqual(
            places.map(([folder]) => folder),
            ["/home/alice/data"],
        );
    });
});
