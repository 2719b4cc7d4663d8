// The gates: each unmet condition is named by itself, all of them together, and only an override of that very gate lets one through.
// Does not prove that a stack asks its gates before it registers anything (tests/program, the rehearsal's mistakes).
import assert from "node:assert/strict";
import type { EnvironmentOutputs } from "../../../contract/environment";
import type { ProductionOutputs } from "../../../contract/production";
import { checkDroppedCaptures, checkEnvironmentGates } from "../../../logic/gates";
import { seal } from "../../../logic/secret";
import type { EnvironmentStanding } from "../../../logic/servingEnvironment";
import { perProduct, ProductId, productIds } from "../../../products";
import { environmentConfig, inventory, manifest, ownPlace } from "../../program/world";
import { down, Found, serving, side, staying, unknown } from "./servingWorld";

const production: ProductionOutputs = {
    contract: "posit-production/1",
    region: "us-east-1",
    inventory: perProduct(inventory),
    captures: { a: manifest("a") },
    serving: { side: "listed" },
    secrets: perProduct(() => seal({ files: [], passwords: [] })),
};

const installed = {
    phase: "install",
    receipts: { install: { digest: "sha256:i", body: { passed: true } } },
} as unknown as EnvironmentOutputs;

const migrate = {
    ...environmentConfig,
    phase: "migrate" as const,
    production: "prod",
    restore: "a",
    accepted: { install: "sha256:i" },
};

const environmentGates = (change: object = {}, peer: object = {}, own: object = {}, region = "us-east-1") =>
    checkEnvironmentGates({
        config: { ...migrate, ...change },
        place: ownPlace({ ...migrate, ...change }.network),
        production: { ...production, ...peer },
        own: { ...installed, ...own },
        region,
    });

describe("gates of an environment", () => {
    it("let a migration through when everything is as it should be", () => {
        assert.deepEqual(environmentGates(), []);
    });

    const onFiles = perProduct((product) => ({
        ...inventory(product),
        databases: [{ role: "main", provider: "sqlite" }],
    }));
    const filesOf = (product: ProductId) => ({ product, role: "main", method: "sqlite" });
    const capture = (change: object) => ({ captures: { a: { ...manifest("a"), ...change } } });
    const cases: [string, string[], RegExp[]][] = [
        ["a receipt that nobody accepted", environmentGates({ accepted: {} }), [/^\[install\] .*not set.*sha256:i/]],
        [
            "another receipt accepted",
            environmentGates({ accepted: { install: "sha256:x" } }),
            [/^\[install\] .*sha256:x/],
        ],
        [
            "a receipt with failed checks",
            environmentGates({}, {}, { receipts: { install: { digest: "sha256:i", body: { passed: false } } } }),
            [/^\[install\] .*failed checks/],
        ],
        ...[{}, { body: null }, { body: {} }].map((body): [string, string[], RegExp[]] => [
            `a receipt with ${JSON.stringify(body)} for what it says`,
            environmentGates({}, {}, { receipts: { install: { digest: "sha256:i", ...body } } }),
            [/^\[install\] .*failed checks/],
        ]),
        ["no receipt", environmentGates({}, {}, { receipts: {} }), [/^\[install\] there is no install receipt/]],
        [
            "an unknown capture",
            environmentGates({ restore: "b" }),
            [/^\[capture\] production has no capture "b"; it has a/],
        ],
        [
            "a void capture",
            environmentGates({}, capture({ state: "void", reasons: ["connect was opened"] })),
            [/^\[capture\] .*void: connect was opened/],
        ],
        ["another region", environmentGates({}, {}, {}, "eu-west-1"), [/^\[capture\] .*us-east-1.*eu-west-1/]],
        [
            "another major version of Postgres",
            environmentGates({}, capture({ databases: [{ ...manifest("a").databases[0], engineVersion: "14.2" }] })),
            [/^\[version\] .*Postgres 14\.2/],
        ],
        [
            "a database server that is not encrypted",
            environmentGates({}, capture({ databases: [{ ...manifest("a").databases[0], storageEncrypted: false }] })),
            [
                /^\[encryption\] database server legacy-db .*is not encrypted.*database: dump.*kind: external.*dumped and loaded into a server that is encrypted/,
            ],
        ],
        [
            "a database that a fresh one can't sort as",
            environmentGates(
                {},
                capture({
                    volumeDatabases: [
                        {
                            ...{ product: "connect", role: "main", method: "dump", name: "c", user: "c", path: "/c" },
                            engineVersion: "15",
                            locale: { encoding: "UTF8", collate: "C", ctype: "C", provider: "i", locale: "sv-SE" },
                        },
                    ],
                }),
            ),
            [
                /^\[collation\] the database c of connect .*sorts by ICU's sv-SE, .*sorts by en_US\.UTF-8.*LOCALE_PROVIDER libc/,
            ],
        ],
        [
            "databases that a new server has no room for, of all products together",
            environmentGates(
                {},
                capture({
                    volumeDatabases: (["main", "usage"] as const).map((role) => ({
                        ...{ product: "connect" as const, role, name: role, user: "c", engineVersion: "15" },
                        ...{ method: "dump" as const, path: `/d/${role}`, bytes: 7 * 2 ** 30 },
                    })),
                }),
            ),
            [/^\[capture\] .*take 14 GiB, .*new server of 20 GiB: set posit:database\.allocatedStorage to 24 at least/],
        ],
        [
            "production's hosts within reach",
            environmentGates(
                { network: { ...migrate.network, packageCidrs: ["10.1.0.0/16"] } },
                { addresses: perProduct(() => ["10.1.0.10", "203.0.113.10"]) },
            ),
            productIds.map(
                () => /^\[isolation\] posit:network\.packageCidrs: 10\.1\.0\.0\/16 has production's .*10\.1\.0\.10/,
            ),
        ],
        [
            "content newer than the program",
            environmentGates({}, capture({ versions: { connect: "2027.1.0" } })),
            [/^\[version\] .*connect 2027\.1\.0, newer/],
        ],
        [
            "a program older than production's",
            environmentGates(
                {},
                { inventory: { ...production.inventory, connect: { ...inventory("connect"), version: "2026.9.0" } } },
            ),
            [/^\[version\] posit:connect\.version .*older than production's 2026\.9\.0/],
        ],
        [
            "a runtime that is missing here",
            environmentGates(
                {},
                {
                    inventory: {
                        ...production.inventory,
                        connect: {
                            ...inventory("connect"),
                            runtimesInUse: [
                                {
                                    language: "python",
                                    version: "3.9",
                                    content: [{ guid: "1", name: "report", owner: "alice" }],
                                },
                            ],
                        },
                    },
                },
            ),
            [/^\[parity\] connect, runtime python 3\.9: "report" of alice/],
        ],
        ["two things at once", environmentGates({ accepted: {}, restore: "b" }), [/^\[install\]/, /^\[capture\]/]],
        [
            "going back to phase install",
            environmentGates({ phase: "install" }, {}, { phase: "migrate" }),
            [/^\[phase\] .*throw its content away/],
        ],
        [
            "the capture it stands on dropped by production",
            environmentGates({}, { captures: {} }, { phase: "migrate", restored: "a" }),
            [/^\[capture\] production no longer publishes capture a/],
        ],
        [
            "a database without a password, which the capture has on a server whatever production has by now",
            environmentGates(
                { secrets: { ...migrate.secrets, databasePasswords: perProduct(() => ({})) } },
                { inventory: onFiles, captures: { a: { ...manifest("a"), volumeDatabases: [filesOf("connect")] } } },
            ),
            [
                /^\[password\] .*databasePasswords\.packageManager\.main/,
                /^\[password\] .*databasePasswords\.workbench\.main/,
            ],
        ],
        [
            "a database without a password by what production has, where nothing is restored yet",
            environmentGates(
                { phase: "install", secrets: { ...migrate.secrets, databasePasswords: perProduct(() => ({})) } },
                { inventory: { ...onFiles, connect: inventory("connect") } },
            ),
            [/^\[password\] .*databasePasswords\.connect\.main/],
        ],
    ];
    for (const [what, said, expected] of cases) {
        it(`refuse ${what}, and say just that`, () => {
            assert.equal(said.length, expected.length, said.join("\n"));
            said.forEach((line, index) => assert.match(line, expected[index]));
        });
    }

    const placed = { zone: "us-east-1a", subnetCidr: "10.20.1.0/24", vpcCidr: "10.20.0.0/16" };
    const everyGate = (change: object, standing: EnvironmentStanding) =>
        checkEnvironmentGates({
            config: { ...migrate, ...change },
            place: ownPlace({ ...migrate, ...change }.network),
            production: { ...production, captures: { a: manifest("a"), b: manifest("b") } },
            own: { ...installed, phase: "migrate", restored: "a", placed },
            region: "us-east-1",
            standing,
        }).filter((line) => /^\[serv/.test(line));
    const published = { publishedBy: "prod" };
    const { network } = environmentConfig;
    for (const [what, change, expected] of [
        ["another capture", { restore: "b" }, /restore: b would put another capture/],
        ["phase install", { phase: "install" }, /install would throw/],
        [
            "another zone",
            { network: { ...network, zones: ["us-east-1c", "us-east-1b"] } },
            /zones\[0\] us-east-1c instead of us-east-1a/,
        ],
        ["another subnet", { network: { ...network, subnetCidrs: ["10.20.9.0/24"] } }, /subnetCidrs/],
        ["another network", { network: { ...network, vpcCidr: "10.30.0.0/16" } }, /vpcCidr/],
        ["another key", { kmsKeyId: "key" }, /kmsKeyId key instead of none/],
    ] as [string, object, RegExp][]) {
        it(`refuse ${what} where the environment serves`, () => {
            const said = everyGate(change, published);
            assert.equal(said.length, 1);
            assert.match(said[0], expected);
            assert.deepEqual(everyGate(change, {}), []);
            const overrides = [{ gate: "serving", reason: "agreed by everybody" }];
            assert.deepEqual(everyGate({ ...change, overrides }, published), []);
        });
    }

    it("refuse to throw away what stands protected, in phase install too, until an `up` has taken the protection away", () => {
        const overrides = [{ gate: "serving", reason: "agreed by everybody" }];
        const protectedOne = (change: object, own: object) =>
            environmentGates({ overrides, ...change }, {}, { protected: true, ...own });
        const [install, ...more] = protectedOne({ deletionProtection: false }, {});
        assert.deepEqual(more, []);
        assert.match(
            install,
            /^\[protected\] posit:phase: migrate would delete the blank .*set posit:deletionProtection to false/,
        );
        const migrated = { phase: "migrate", restored: "b", placed };
        assert.match(
            protectedOne({}, migrated).join("\n"),
            /^\[protected\] posit:restore: a would put another capture/,
        );
        assert.match(
            protectedOne({ restore: "b", kmsKeyId: "key" }, migrated).join("\n"),
            /\[protected\] posit:kmsKeyId/,
        );
        assert.deepEqual(protectedOne({}, { ...migrated, restored: "a" }), []);
        assert.deepEqual(environmentGates({ overrides }, {}, { ...migrated, protected: false }), []);
    });

    describe("of a server that is prepared", () => {
        const dump = { role: "main", method: "dump", path: "/x", engineVersion: "15" };
        const dumped = capture({ volumeDatabases: [{ ...dump, product: "connect", name: "c", user: "c" }] });
        const standing = { phase: "migrate", restored: "a", placed };
        const gates = (change: object, own: object = standing, peer: object = dumped) =>
            environmentGates(change, peer, own);

        it("let it stand in both phases, beside another restore and with its own", () => {
            assert.deepEqual(gates({ prepare: "next" }), []);
            assert.deepEqual(gates({ prepare: "a" }), []);
            assert.deepEqual(gates({ prepare: "a" }, { ...standing, restored: "before" }), []);
            assert.deepEqual(gates({ phase: "install", restore: undefined, prepare: "a" }, {}), []);
        });

        it("refuse one that is not empty, since it has what was restored before", () => {
            const loaded = { ...standing, restored: "b", prepared: "b" };
            const [said, ...more] = gates({ prepare: "b" }, loaded);
            assert.match(said, /^\[prepare\] posit:prepare: b is the capture that this environment stands on/);
            assert.deepEqual(more, []);
            assert.deepEqual(gates({ prepare: "next" }, loaded), []);
            assert.deepEqual(gates({}, loaded), []);
        });

        it("refuse a token that names what a restore makes", () => {
            const [{ server }] = manifest("a").databases;
            const [said, ...more] = gates({ prepare: `a-${server}` });
            assert.match(said, /^\[prepare\] .* named as the server that capture a restores from legacy-db/);
            assert.deepEqual(more, []);
        });

        it("refuse to drop it while it is protected, in either phase, but not when its restore keeps it", () => {
            const isProtected = { ...standing, protected: true, prepared: "next" };
            const stays = { prepare: "next" };
            const says = /^\[protected\] posit:prepare: .* would delete the server that stands for capture next/;
            assert.deepEqual(gates(stays, isProtected), []);
            for (const change of [{ prepare: undefined }, { prepare: "another" }]) {
                assert.match(gates({ ...stays, ...change }, isProtected).join("\n"), says);
            }
            const install = { phase: "install", restore: undefined };
            assert.match(gates(install, { protected: true, prepared: "next" }).join("\n"), says);
            const loaded = { ...standing, protected: true, prepared: "a" };
            assert.deepEqual(gates({}, loaded), []);
            assert.match(
                gates({}, loaded, {}).join("\n"),
                /\(none\) would delete the server that stands for capture a/,
            );
        });
    });

    const asked = (connect: Found, cloud?: string) => ({
        hosts: side("acme/posit/staging", down("quarantined"), { connect }, { cloud }),
    });
    const another = { restore: "b" };
    const overriding = (gate: string) => ({ ...another, overrides: [{ gate, reason: "agreed by everybody" }] });

    for (const [what, connect] of [
        ["serves", serving],
        ["stays closed after a capture of it", staying],
        ["is closed by a window", down("closed")],
    ] as [string, Found][]) {
        it(`refuse another capture where a host of the environment ${what}`, () => {
            const [said, ...more] = everyGate(another, asked(connect));
            assert.match(said, /^\[serving\] .*\(connect says so\)/);
            assert.deepEqual(more, []);
            assert.equal(everyGate(overriding("serve.unreachable"), asked(connect)).length, 1);
        });
    }

    for (const connect of ["quarantined", "built", "retired"] as const) {
        it(`let another capture through where every host says that it does not serve (${connect})`, () =>
            assert.deepEqual(everyGate(another, asked(down(connect))), []));
    }

    it("refuse another capture while a host can't be asked, whatever production published last", () => {
        const [said, ...more] = everyGate(another, asked(unknown, "running"));
        assert.deepEqual(more, []);
        assert.match(said, /^\[serve\.unreachable\] connect of acme\/posit\/staging .*timed out.*instance is running/);
        assert.match(said, /see that its instance is stopped and accept that with posit:overrides.*restore: b would/);
        assert.deepEqual(everyGate({}, asked(unknown, "running")), []);
    });

    it("let an override of that through where the cloud says that the host rests, and nothing else", () => {
        const accepted = (cloud: string) => everyGate(overriding("serve.unreachable"), asked(unknown, cloud)).length;
        assert.equal(accepted("running"), 1);
        assert.equal(accepted("not known: access denied"), 1);
        assert.equal(accepted("stopped"), 0);
        assert.equal(everyGate(another, asked(unknown, "stopped")).length, 1);
    });

    for (const cloud of ["gone", "terminated"]) {
        it(`are not held up by a host that is ${cloud}: it serves nobody and never will`, () =>
            assert.deepEqual(everyGate(another, asked(unknown, cloud)), []));
    }

    it("let an environment that serves be reconfigured", () => {
        const change = { runtimes: { ...migrate.runtimes, r: ["4.4.1"] } };
        assert.deepEqual(everyGate(change, published), []);
        assert.deepEqual(everyGate(change, asked(unknown, "running")), []);
    });

    it("ask nothing again of what stands", () => {
        assert.deepEqual(environmentGates({ accepted: {} }, {}, { phase: "migrate", restored: "a", receipts: {} }), []);
    });

    it("let through only what an override names", () => {
        const overrides = [{ gate: "install", reason: "tested by hand" }];
        assert.deepEqual(environmentGates({ accepted: {}, overrides }), []);
        assert.equal(environmentGates({ accepted: {}, restore: "b", overrides }).length, 1);
    });
});

describe("gates on captures in use", () => {
    it("keep a capture that an environment stands on", () => {
        const environments = [{ name: "staging", restored: "f" }];
        assert.equal(checkDroppedCaptures({ configured: [], published: ["f"], environments }).length, 1);
        assert.equal(checkDroppedCaptures({ configured: ["f"], published: ["f"], environments }).length, 0);
    });
});
