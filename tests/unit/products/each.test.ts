// Values by product, and the order that follows from what the descriptions say. Does not prove that anything else asks them.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { byProduct, inOrder, mapProducts, PerProduct, perProduct, productIds, products } from "../../../products";
import { ordered } from "../../../products/order";

describe("values by product", () => {
    it("are made for each that there is, each after those that it needs, and told what these came to", () => {
        const made: string[] = [];
        const values = perProduct<string>((product, needed) => {
            made.push(product);
            return `${product}(${needed.join()})`;
        });
        assert.deepEqual(made, inOrder);
        assert.deepEqual([...inOrder].sort(), [...productIds].sort());
        for (const product of productIds) {
            const needed = products[product].after.map((other) => values[other]);
            assert.equal(values[product], `${product}(${needed.join()})`);
            products[product].after.forEach((other) => assert.ok(inOrder.indexOf(other) < inOrder.indexOf(product)));
        }
    });

    it("are walked over as far as they are there, in order whatever their own", () => {
        const some: Partial<PerProduct<string>> = { connect: "c", workbench: undefined, packageManager: "" };
        assert.deepEqual(byProduct(some), [
            ["packageManager", ""],
            ["connect", "c"],
        ]);
        assert.deepEqual(byProduct({ ...some, ttl: 60 } as Partial<PerProduct<string>>).length, 2);
        const mapped = mapProducts(some, (value, product) => `${product} ${value}`);
        assert.deepEqual(Object.entries(mapped), [
            ["packageManager", "packageManager "],
            ["connect", "connect c"],
        ]);
    });
});

describe("an order", () => {
    /** Each may need those before it in some other order, and what nobody lists. */
    const needs = fc.uniqueArray(fc.constantFrom(..."abcdefg"), { minLength: 1 }).chain((order) =>
        fc.record({
            order: fc.constant(order),
            listed: fc.shuffledSubarray(order, { minLength: order.length }),
            after: fc.tuple(...order.map((_id, index) => fc.subarray([...order.slice(0, index), "absent"]))),
        }),
    );

    it("has each once, after all that it needs", () => {
        fc.assert(
            fc.property(needs, ({ order, listed, after }) => {
                const needed = (id: string) => after[order.indexOf(id)];
                const found = ordered(listed, needed);
                assert.deepEqual([...found].sort(), [...listed].sort());
                found.forEach((id, index) =>
                    assert.ok(needed(id).every((other) => other === "absent" || found.indexOf(other) < index)),
                );
            }),
        );
    });

    it("is the listed one where nothing needs another", () => {
        fc.assert(
            fc.property(fc.uniqueArray(fc.string()), (ids) =>
                assert.deepEqual(
                    ordered(ids, () => []),
                    ids,
                ),
            ),
        );
    });

    it("is refused where some need each other, by name", () => {
        const after: Record<string, string[]> = { a: [], b: ["c"], c: ["b"] };
        assert.throws(() => ordered<string>(["a", "b", "c"], (id) => after[id]), /: b, c$/);
    });
});
