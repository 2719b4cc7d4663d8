// Where a name leads and what answers there, as somebody sees it who asks for the first time.
import assert from "node:assert/strict";
import * as http from "node:http";
import { where } from "../../../../lab/client/where";
import { listening } from "../../ports";

describe("where a name leads", () => {
    it("says address and status, and why there is none", async () => {
        const server = http.createServer((_request, response) => response.writeHead(503).end());
        const port = await listening(server);
        const names = {
            address: (name: string) =>
                name === "nowhere.test" ? Promise.reject(new Error("no such name")) : Promise.resolve("127.0.0.1"),
        };
        const found = await where(names, [
            { product: "connect", url: `http://connect.test:${port}/` },
            { product: "workbench", url: `http://nowhere.test:${port}/` },
        ]);
        server.close();
        assert.deepEqual(found[0], { product: "connect", address: "127.0.0.1", answer: "503" });
        assert.equal(found[1].address, "");
        assert.notEqual(found[1].answer, "200");
    });
});
