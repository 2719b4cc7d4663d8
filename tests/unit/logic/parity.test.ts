// What an environment declares against what production has: runtimes, findings of the inventory, accounts and their groups.
import { strict as assert } from "node:assert";
import type { Inventory } from "../../../contract/production";
import { compareParity } from "../../../logic/parity";
import { perProduct, type ProductId } from "../../../products";
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
    databases: [{ role: "main", provider: "postgres" }],
    findings: [],
    counts: {},
});

const compared = (theirs: Account[], ours: (typeof environmentConfig)["accounts"]) =>
    compareParity(
        { ...environmentConfig, accounts: ours },
        perProduct((product) => inventory(product, product === "workbench" ? theirs : [])),
    ).map(({ level, what, detail }) => `${level} ${what}: ${detail}`);

describe("parity of instance profiles", () => {
    const arn = "arn:aws:iam::123456789012:instance-profile/apps/posit-connect";
    const found = (
        declared: string | undefined,
        theirs: string | undefined,
        phase: "install" | "migrate" = "install",
    ) =>
        compareParity(
            { ...environmentConfig, phase, connect: { ...environmentConfig.connect, instanceProfile: declared } },
            perProduct((product) => ({
                ...inventory(product, []),
                ...(product === "connect" && { instanceProfile: theirs }),
            })),
        ).map(({ level, what, detail }) => `${level} ${what}: ${detail}`);

    it("asks for one where production has one, until somebody has said which, or none", () => {
        const [said, ...more] = found(undefined, arn);
        assert.match(said, /^error instance profile of connect: .*has the instance profile posit-connect, .*`none`$/);
        assert.deepEqual(more, []);
        assert.deepEqual([found("posit-connect", arn), found("none", arn)], [[], []]);
    });

    it("asks for none where production has none, nobody could tell, or nobody asked", () => {
        assert.deepEqual([found(undefined, ""), found(undefined, undefined)], [[], []]);
    });

    it("holds nobody up who has content already: production may be closed", () => {
        assert.match(found(undefined, arn, "migrate").join("\n"), /^note instance profile of connect/);
    });
});

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

type Used = Inventory["runtimesInUse"][number];
type Runtimes = Partial<(typeof environmentConfig)["runtimes"]>;

const report = { guid: "g", name: "report", owner: "alice" };
const python = (version: string, content: Used["content"] = [report]): Used => ({
    language: "python",
    version,
    content,
});

function ofRuntimes(used: Partial<Record<ProductId, Used[]>>, declared: Runtimes): ReturnType<typeof compareParity> {
    return compareParity(
        { ...environmentConfig, runtimes: { ...environmentConfig.runtimes, ...declared } },
        perProduct((product) => ({ ...inventory(product, []), runtimesInUse: used[product] ?? [] })),
    );
}

describe("parity of runtimes", () => {
    for (const [what, used, declared, missing] of [
        ["what is declared", python("3.11.9"), { python: ["3.12.11", "3.11.9"] }, false],
        ["another version", python("3.11.9"), { python: ["3.12.11"] }, true],
        ["the beginning of a declared version", python("3.12"), { python: ["3.12.11"] }, true],
        ["a version of another language", python("4.5.1"), { r: ["4.5.1"] }, true],
        ["what has a substitute", python("3.8.10"), { substitutes: { "python 3.8.10": "3.12.11" } }, false],
        [
            "what has a substitute in another language",
            python("3.8.10"),
            { substitutes: { "r 3.8.10": "3.12.11" } },
            true,
        ],
        ["R, in capitals as products write it", { ...python("4.5.1"), language: "R" }, { r: ["4.5.1"] }, false],
        ["a language that nobody can declare", { ...python("1.9.0"), language: "Julia" }, {}, true],
        ["what every object has for a language", { ...python("1"), language: "constructor" }, {}, true],
    ] as [string, Used, Runtimes, boolean][]) {
        it(`${missing ? "finds" : "misses nothing of"} ${what}`, () => {
            const { language, version } = used;
            const expected = missing ? [`runtime ${language.toLowerCase()} ${version}`] : [];
            assert.deepEqual(
                ofRuntimes({ connect: [used] }, declared)
                    .filter(({ level }) => level === "error")
                    .map(({ what: missed }) => missed),
                expected,
            );
        });
    }

    it("names the content that needs it, whose it is, and both remedies", () => {
        const content = [report, { guid: "h", name: "api", owner: "bob" }];
        const [finding, ...rest] = ofRuntimes({ connect: [python("3.8.10", content)] }, {});
        assert.deepEqual(rest, []);
        assert.deepEqual([finding.level, finding.product], ["error", "connect"]);
        assert.equal(
            finding.detail,
            '"report" of alice, "api" of bob uses python 3.8.10; add it to posit:runtimes.python, or name a substitute: posit:runtimes.substitutes["python 3.8.10"]',
        );
        assert.match(
            ofRuntimes({ workbench: [python("3.8.10", [])] }, {})[0].detail,
            /^production uses python 3\.8\.10; /,
        );
    });

    it("names no setting that there is not", () => {
        const [finding] = ofRuntimes({ connect: [{ ...python("1.9.0"), language: "Julia" }] }, {});
        assert.match(finding.detail, /posit:runtimes has r, python, quarto only, so .* override the gate "parity"/);
    });

    it("says it of each product that uses it, in the order of the products", () => {
        const found = ofRuntimes({ connect: [python("3.8.10")], workbench: [python("3.8.10"), python("3.9.1")] }, {});
        assert.deepEqual(
            found.map(({ product, what }) => `${product} ${what}`),
            ["workbench runtime python 3.8.10", "workbench runtime python 3.9.1", "connect runtime python 3.8.10"],
        );
    });
});

describe("parity of what the inventory found", () => {
    const finding = (code: string, verdict: "supported" | "declare" | "refused") => ({
        ...{ code, verdict, detail: `${code} is so`, remedy: `mend ${code}` },
    });

    it("is an error where it is refused, a note where it needs a declaration, and nothing where it is supported", () => {
        const found = compareParity(
            environmentConfig,
            perProduct((product) => ({
                ...inventory(product, []),
                findings:
                    product === "connect"
                        ? [finding("a", "supported"), finding("b", "declare"), finding("c", "refused")]
                        : [],
            })),
        );
        assert.deepEqual(
            found.map(({ level, what, detail }) => `${level} ${what}: ${detail}`),
            ["note b: b is so; mend b", "error c: c is so; mend c"],
        );
    });

    it("is one error, which says what to do, while production has published nothing", () => {
        const [found, ...rest] = compareParity(environmentConfig, undefined);
        assert.deepEqual(rest, []);
        assert.equal(found.level, "error");
        assert.match(found.detail, /set posit:production and run `pulumi up` on that stack/);
    });
});
