// A declared substitute is said: which content it is for, and what stands in for what.
import { strict as assert } from "node:assert";
import type { Inventory } from "../../../contract/production";
import { compareParity } from "../../../logic/parity";
import { buildReceipt } from "../../../logic/receipt";
import { perProduct, ProductId } from "../../../products";
import { environmentConfig, inventory as anyInventory } from "../../program/world";

const content = [{ guid: "g", name: "Churn", owner: "ada" }];
const inventory = (product: ProductId): Inventory => ({
    ...anyInventory(product),
    runtimesInUse: product === "connect" ? [{ language: "Python", version: "3.8.10", content }] : [],
});
const inventories = perProduct(inventory);
const runtimes = { r: [], python: ["3.12.11", "3.11.9"], quarto: [] };
const findings = (substitutes: Record<string, string>) =>
    compareParity({ ...environmentConfig, runtimes: { ...runtimes, substitutes } }, inventories);

describe("parity of runtimes", () => {
    it("names the content that another version stands in for, and which", () => {
        for (const version of runtimes.python) {
            const [found, ...more] = findings({ "python 3.8.10": version });
            assert.deepEqual(more, []);
            assert.deepEqual([found.level, found.product, found.what], ["note", "connect", "runtime python 3.8.10"]);
            assert.match(
                found.detail,
                new RegExp(`"Churn" of ada uses python 3\\.8\\.10; python ${version} stands in`),
            );
        }
    });

    it("is an error without one, and a receipt says no more of a note", () => {
        assert.deepEqual(
            findings({}).map(({ level }) => level),
            ["error"],
        );
        const receipt = (parity: ReturnType<typeof findings>) =>
            buildReceipt({ config: environmentConfig, checks: [], parity }).verdicts;
        assert.deepEqual(receipt(findings({ "python 3.8.10": "3.11.9" })), {});
        assert.deepEqual(receipt(findings({})), { "parity: runtime python 3.8.10": "failed" });
    });
});
