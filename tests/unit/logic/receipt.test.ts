// A receipt's digest changes with what a person accepted, and with nothing else.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { CheckAnswer } from "../../../contract/host";
import { buildReceipt, canonicalJson, hasPassed, parityFound, receiptDigest } from "../../../logic/receipt";
import { seal } from "../../../logic/secret";
import { environmentConfig as config, manifest } from "../../program/world";

const checks: CheckAnswer[] = [
    { product: "connect", checks: [{ name: "health", passed: true, detail: "answered in 3 ms" }] },
    { product: "workbench", checks: [{ name: "sessions", passed: true, detail: "0 left" }] },
];
const digest = (change: Partial<Parameters<typeof buildReceipt>[0]> = {}) =>
    receiptDigest(buildReceipt({ config, checks, parity: [], ...change }));

describe("a receipt", () => {
    it("holds still while measured values, phase, token and acceptance change", () => {
        const measured = [{ ...checks[0], checks: [{ name: "health", passed: true, detail: "9 ms" }] }, checks[1]];
        assert.equal(digest({ checks: measured }), digest());
        const moved = {
            ...config,
            phase: "migrate" as const,
            restore: "a",
            prepare: "b",
            accepted: { install: "sha256:0" },
        };
        assert.equal(digest({ config: moved }), digest());
        assert.equal(digest({ capture: manifest("a") }), digest({ capture: manifest("b") }));
        assert.equal(
            digest({ config: { ...config, secrets: { ...config.secrets, sshPrivateKey: seal("other") } } }),
            digest(),
        );
    });

    it("changes with a verdict, a version, a declared setting, and content from other versions", () => {
        const failed = [{ ...checks[0], checks: [{ ...checks[0].checks[0], passed: false }] }, checks[1]];
        const upgraded = { ...config, connect: { ...config.connect, version: "2026.2.0" } };
        const renamed = { ...config, names: { ...config.names, connect: "content.example.com" } };
        const others = [
            digest({ checks: failed }),
            digest({ config: upgraded }),
            digest({ config: renamed }),
            digest({ capture: manifest("a") }),
            digest({ capture: { ...manifest("a"), versions: { connect: "2025.1.0" } } }),
        ];
        assert.equal(new Set([digest(), ...others]).size, others.length + 1);
    });

    it("passes only when something was checked, and nothing failed", () => {
        const passed = (args: Partial<Parameters<typeof buildReceipt>[0]>) =>
            buildReceipt({ config, checks, parity: [], ...args }).passed;
        assert.equal(passed({}), true);
        assert.equal(passed({ checks: [] }), false);
        const finding = { level: "error" as const, product: "connect" as const, what: "account bob", detail: "" };
        assert.equal(passed({ parity: [finding] }), false);
        assert.equal(passed({ parity: [{ ...finding, level: "note" }] }), true);
    });

    it("that was published has passed where it says so, and tells what parity found", () => {
        const finding = { level: "error" as const, product: "connect" as const, what: "account bob", detail: "" };
        const published = (change: object) => ({
            digest: "sha256:0",
            body: { ...buildReceipt({ config, checks, parity: [], ...change }) },
        });
        assert.equal(hasPassed(published({})), true);
        assert.equal(hasPassed(published({ parity: [finding] })), false);
        assert.deepEqual(parityFound(published({ parity: [finding] })), ["account bob"]);
        for (const lost of [{}, { body: null }, { body: {} }]) {
            assert.equal(hasPassed({ digest: "sha256:0", ...lost }), false);
            assert.deepEqual(parityFound({ digest: "sha256:0", ...lost }), []);
        }
        assert.deepEqual(parityFound(undefined), []);
    });

    it("does not depend on the order of keys", () => {
        fc.assert(
            fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
                const turned = Object.fromEntries(Object.entries(value).reverse());
                assert.equal(canonicalJson(turned), canonicalJson(value));
            }),
        );
    });
});
