// How many volumes the old production has. That they are there, mounted and full, is seen by `make legacy VOLUMES=…`.
import assert from "node:assert/strict";
import { mostVolumes, sources, withVolumes } from "../../../../lab/legacy/sources";
import { productIds } from "../../../../products/ids";

describe("the old production's volumes", () => {
    for (let volumes = 1; volumes <= mostVolumes; volumes++) {
        it(`are ${volumes} on each host when that is asked for`, () => {
            const changed = withVolumes(sources.plain, volumes);
            for (const product of productIds) {
                const { places } = changed[product];
                assert.equal(new Set(places.map(({ volume }) => volume)).size, volumes);
                assert.equal(new Set(places.map(({ mount }) => mount)).size, places.length);
                const usual = sources.plain[product].places.map(({ mount }) => mount);
                assert.deepEqual(
                    places.slice(0, usual.length).map(({ mount, volume }) => [mount, volume]),
                    usual.map((mount) => [mount, "first"]),
                );
                assert.equal(changed[product].database, sources.plain[product].database);
            }
        });
    }

    it("are shared in folders where a product has several places on one", () => {
        const { workbench, connect } = withVolumes(sources.plain, 1);
        assert.deepEqual(
            workbench.places.map(({ folder }) => folder),
            ["/home", "/var/lib/rstudio-server"],
        );
        assert.equal(connect.places[0].folder, undefined);
    });
});
