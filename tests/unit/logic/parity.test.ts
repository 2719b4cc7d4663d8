// What an environment declares against what production has: accounts and their groups. Runtimes and refusals are among the gates' tests.
import { strict as assert } from "node:assert";
import type { Inventory } from "../../../contract/production";
import { compareParity } from "../../../logic/parity";
import { productIds, type ProductId } from "../../../products/ids";
import { environmentConfig } from "../../program/world";

type Account = Inventory["accounts"][number];

const inventory = (product: ProductId, accounts: Account[]): Inventory => ({
    product,
    version: "2025.1.0",
    os: { id: "debian", codename: "bookworm" },
    runtimes: { r: [], python: [], quarto: [] },
    runtimesInUse: [],
    accounts,
    keyFingerprint: "sha256:0",
    mounts: [],
    database: { provider: "postgres" },
    findings: [],
    counts: {},
});

const compared = (theirs: Account[], ours: (typeof environmentConfig)["accounts"]) =>
    compareParity(
        { ...environmentConfig, accounts: ours },
        Object.fromEntries(
            productIds.map((product) => [product, inventory(product, product === "workbench" ? theirs : [])]),
        ) as Record<ProductId, Inventory>,
    ).map(({ level, what, detail }) => `${level} ${what}: ${detail}`);

const alice = { name: "alice", uid: 2001, gid: 2001 };

describe("parity of accounts", () => {
    for (const [what, theirs, ours, expected] of [
        ["the same", { ...alice, groups: ["analysts"] }, [{ ...alice, groups: ["analysts"] }], []],
        ["more groups here than there", { ...alice, groups: [] }, [{ ...alice, groups: ["sudo"] }], []],
        ["an inventory of before groups were read", alice, [{ ...alice, groups: ["analysts"] }], []],
        [
            "a group that is missing here",
            { ...alice, groups: ["analysts", "quants"] },
            [{ ...alice, groups: ["quants"] }],
            [
                "error account alice: is in analysts in production, and not here: {name: alice, uid: 2001, gid: 2001, groups: [analysts, quants]}",
            ],
        ],
        [
            "an account that is missing here",
            { ...alice, groups: ["analysts"] },
            [],
            [
                "error account alice: Workbench in production has it; add {name: alice, uid: 2001, gid: 2001, groups: [analysts]} to posit:accounts",
            ],
        ],
        [
            "other numbers",
            alice,
            [{ ...alice, uid: 2009 }],
            ["error account alice: has other numbers in production: {name: alice, uid: 2001, gid: 2001}"],
        ],
    ] as [string, Account, (typeof environmentConfig)["accounts"], string[]][]) {
        it(`says ${expected.length === 0 ? "nothing" : "so"} of ${what}`, () =>
            assert.deepEqual(compared([theirs], ours), expected));
    }
});
