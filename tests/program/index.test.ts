// index.ts as the engine loads it, for both roles: the text of a stack file is refused, with every finding and before anything is registered,
// or becomes a graph. Both templates of the repository are inputs. The graphs themselves are held in tests/golden.
import assert from "node:assert/strict";
import { Installation, Outputs } from "./installation";
import { shapes } from "./shapes";
import { Ran, runStack, StackRun } from "./stackRun";
import { filledTemplate, template } from "./templates";

/** Nobody is asked: a configuration that is wrong is refused before. */
const nobody = {
    answer: (): never => assert.fail("something was registered"),
    lookup: (): never => assert.fail("the cloud was asked"),
};
const refusedText = (stack: StackRun["stack"], text: string | null) => runStack({ stack, text, ...nobody });

/** All findings of a refusal, in their order, and nothing else: each as the expression says, from its beginning. */
function assertRefused(ran: Ran, headline: RegExp, findings: RegExp[]): void {
    assert.ok(ran.refused !== undefined, "it was not refused");
    assert.ok(ran.plainly, `with a stack trace: ${ran.refused}`);
    assert.equal(ran.registered, 0, "something was registered before it was refused");
    const [first, ...lines] = ran.refused.split("\n");
    assert.match(first, headline);
    const found = lines.map((line) => line.replace(/^ {2}- /, ""));
    assert.equal(found.length, findings.length, ran.refused);
    findings.forEach((finding, index) => assert.match(found[index], finding, ran.refused));
    for (const line of found) assert.doesNotMatch(line, /\bundefined\b|\[object|NaN/, line);
}

const leftOver = (path: string) =>
    new RegExp(`^${path.replace(/[[\].]/g, "\\$&")}: is still the template's; put your own`);
const unset = (secret: string) => new RegExp(`^posit:secrets\\.${secret}: is missing; .*config set --secret --path`);
const inProd = (product: string, volumes: number) => [
    leftOver(`posit:current.${product}.instanceId`),
    leftOver(`posit:current.${product}.hostKey`),
    ...Array.from({ length: volumes }, (_, index) =>
        leftOver(`posit:current.${product}.dataVolumes[${index}].volumeId`),
    ),
    leftOver(`posit:current.${product}.databases[0].server`),
];
const unfilled: Record<StackRun["stack"], RegExp[]> = {
    staging: [
        ...["network.transitGatewayId", "operatingSystem.ami", "packages.url", "packages.signingKey"],
        ...["names.packageManager", "names.workbench", "names.connect"],
    ]
        .map((path) => leftOver(`posit:${path}`))
        .concat(["sshPrivateKey", "bootstrapHostKey", "databaseMasterPassword"].map(unset)),
    prod: [
        ...[...inProd("packageManager", 1), ...inProd("workbench", 2), ...inProd("connect", 1)],
        ...["zone", "packageManager", "workbench", "connect"].map((key) => leftOver(`posit:entryPoints.${key}`)),
        unset("sshPrivateKey"),
    ],
};

describe("index.ts, with a configuration that is not ready", () => {
    for (const stack of ["staging", "prod"] as const) {
        it(`refuses Pulumi.${stack}.yaml as it is in the repository, with all that is to be put in`, async () => {
            const headline = new RegExp(`^Pulumi\\.${stack}\\.yaml has ${unfilled[stack].length} problems `);
            assertRefused(await refusedText(stack, template(stack)), headline, unfilled[stack]);
        });
    }

    it("refuses an environment with all that is wrong, in the order of the file, then between settings, then secrets", async () => {
        const changes = {
            "posit:project": "-",
            "posit:phase": "migrate",
            "posit:network.userCidrs": ["0.0.0.0/0"],
            "posit:connect.version": "x y",
            "posit:surplus": 1,
            "posit:secrets.sshPrivateKey": "hunter2hunter2",
        };
        const ran = await refusedText("staging", filledTemplate("staging", changes));
        assertRefused(ran, /^Pulumi\.staging\.yaml has 7 problems/, [
            /^posit:project: must be/,
            /^posit:connect\.version: must be the exact version/,
            /^posit:surplus: unknown key; known here: role,/,
            /^posit:restore: phase migrate needs the token/,
            /^posit:network\.userCidrs: would open the environment to the world/,
            /^posit:secrets\.sshPrivateKey: is no private key/,
            /^posit:secrets\.sshPrivateKey: is stored as plain text/,
        ]);
        assert.ok(!String(ran.refused).includes("hunter2"));
    });

    it("refuses a production with all that is wrong", async () => {
        const changes = {
            "posit:current.connect.instanceId": "connect",
            "posit:current.workbench.address": "10.1.0.10",
            "posit:entryPoints": undefined,
            "posit:serve": { stack: "staging" },
            "posit:environments": ["staging", "staging"],
        };
        assertRefused(
            await refusedText("prod", filledTemplate("prod", changes)),
            /^Pulumi\.prod\.yaml has 4 problems/,
            [
                /^posit:current\.connect\.instanceId: must be an instance id/,
                /^posit:serve: without posit:entryPoints no name can be moved/,
                /^posit:environments\[1\]: staging stands there twice/,
                /^posit:current\.workbench\.address: is packageManager's too/,
            ],
        );
    });

    it("refuses a stack without a file, or of no role, in one sentence", async () => {
        const role = /^posit:role: must be "environment" or "production"/;
        assertRefused(await refusedText("staging", null), /^Pulumi\.staging\.yaml has a problem/, [role]);
        const other = filledTemplate("prod", { "posit:role": "staging" });
        assertRefused(await refusedText("prod", other), /has a problem/, [/^posit:role: must be .*, not "staging"$/]);
    });
});

describe("index.ts, with both templates filled in", function () {
    this.timeout(120_000);
    let here: Installation;
    before(async () => (here = await Installation.of(shapes.plain)));
    after(() => here.stop());

    const went = (ran: Ran) => {
        assert.equal(ran.refused, undefined);
        return ran.refused === undefined ? ran.recording.registrations : [];
    };
    const receipt = (phase: string) =>
        (here.published.staging.contract.receipts as Record<string, { digest: string; body: { passed: boolean } }>)[
            phase
        ];
    const opens = { token: "aa1", reopen: true };
    const restores = { "posit:phase": "migrate", "posit:restore": opens.token };

    it("lets the first run of either stack work while the other has published nothing", async () => {
        const environment = went(await here.up("staging"));
        assert.equal(environment.filter(({ type }) => type === "aws:ec2/instance:Instance").length, 3);
        assert.ok(environment.every(({ type }) => !type.startsWith("aws:route53")));
        // What production's content needs is not known yet, so nobody can have proved it.
        assert.equal(receipt("install").body.passed, false);

        here.published = {};
        const production = went(await here.up("prod"));
        assert.deepEqual(
            [...new Set(production.map(({ type }) => type).filter((type) => !type.startsWith("pulumi:")))].sort(),
            [
                "aws:route53/record:Record",
                "command:remote:Command",
                ...["EntryPoints", "Inventory", "Production"].map((room) => `posit:index:${room}`),
            ],
            "its first run reads, and takes over records as they are",
        );
    });

    it("refuses an environment by its gates, all of them at once", async () => {
        const changes = { "posit:connect.version": "2024.1.0", "posit:network.packageCidrs": ["10.1.0.0/16"] };
        const reaches = (title: string) => new RegExp(`^\\[isolation\\] .*10\\.1\\.0\\.0/16 has production's ${title}`);
        assertRefused(await here.up("staging", { ...restores, ...changes }), /^this environment can't be built yet:$/, [
            /^\[version\] posit:connect\.version 2024\.1\.0 is older than production's 2025\.1\.0/,
            reaches("Package Manager"),
            reaches("Workbench"),
            reaches("Connect"),
            /^\[install\] there is no install receipt/,
            /^\[capture\] production has no capture "aa1"/,
        ]);
    });

    it("refuses a production by its gates, all of them at once", async () => {
        const serve = { "posit:serve": { stack: "staging" } };
        const nothing = await here.up("prod", serve);
        assertRefused(nothing, /^stack organization\/posit\/staging has published nothing yet: run `pulumi up/, []);

        went(await here.up("staging"));
        assert.equal(receipt("install").body.passed, true);
        const twice = { "posit:captures": [opens, { token: "bb2", reopen: false }] };
        assertRefused(await here.up("prod", { ...serve, ...twice }), /^production can't be changed like that:$/, [
            /^\[migrated\] stack organization\/posit\/staging has restored no capture yet/,
            /^\[final\] stack organization\/posit\/staging has nothing of production, .*Take a capture with reopen: false/,
            /^captures aa1 and bb2 would both close production in this run/,
        ]);
    });

    it("takes a capture, restores it once its receipt is accepted, and lets nobody drop it then", async () => {
        went(await here.up("prod", { "posit:captures": [opens] }));
        assert.deepEqual(summary(here.published.prod), { aa1: ["complete", false] });
        assertRefused(await here.up("staging", restores), /^this environment can't be built yet:$/, [
            /^\[install\] posit:accepted\.install is not set/,
        ]);
        const { digest } = receipt("install");
        went(await here.up("staging", { ...restores, "posit:accepted.install": digest }));
        assert.equal(receipt("install").digest, digest, "the accepted receipt goes on");
        assert.equal(receipt("migrate").body.passed, true);
        assertRefused(await here.up("prod"), /^production can't be changed like that:$/, [
            /capture aa1.*organization\/posit\/staging/,
        ]);
    });

    it("refuses to take an environment with content back to phase install", async () => {
        assertRefused(await here.up("staging"), /^this environment can't be built yet:$/, [/^\[phase\]/]);
    });

    it("refuses more volumes of a capture than a host has devices for, beside its gates", async () => {
        const { published } = here;
        const { prod } = published;
        const captures = prod.contract.captures as Record<string, { volumes: { mount: string; product: string }[] }>;
        const [one] = captures.aa1.volumes.filter(({ product }) => product === "connect");
        const volumes = Array.from({ length: 11 }, (_, index) => ({ ...one, mount: `/data/${index}` }));
        here.published = {
            ...published,
            prod: { ...prod, contract: { ...prod.contract, captures: { aa1: { ...captures.aa1, volumes } } } },
        };
        const changes = { "posit:connect.version": "2024.1.0", "posit:accepted.install": receipt("install").digest };
        assertRefused(await here.up("staging", { ...restores, ...changes }), /^this environment can't be built yet:$/, [
            /^\[version\] posit:connect\.version 2024\.1\.0 is older/,
            /^Connect would have 12 data volumes on its host, and EC2 has names for 11 \(\/dev\/sdf to \/dev\/sdp\): /,
        ]);
        here.published = published;
    });

    it("says of one that serves what nobody keeps, and of its backups in its receipt, whose digest stays", async () => {
        const { published } = here;
        const { prod } = published;
        const serving = { side: "organization/posit/staging" };
        here.published = { ...published, prod: { ...prod, contract: { ...prod.contract, serving } } };
        const { digest } = receipt("migrate");
        const changes = { ...restores, "posit:accepted.install": receipt("install").digest };
        const ran = await here.up("staging", changes);
        went(ran);
        assert.match(ran.said.join("\n"), /nothing keeps its hosts, volumes and databases.*deletionProtection to true/);
        assert.match(
            ran.said.join("\n"),
            /no backup of the last eight days was found of Package Manager \/.*: put its/,
        );
        const { body, digest: since } = receipt("migrate");
        assert.equal(since, digest);
        const { backups } = body as unknown as { backups: Record<string, string> };
        assert.equal(backups["Connect /var/lib/rstudio-connect"], "none");
        const server = "database server acme-posit-staging-aa1-acme-db";
        assert.equal(backups[server], "none yet");
        here.cloud.backedUp = true;
        const quiet = await here.up("staging", { ...changes, "posit:deletionProtection": true });
        assert.ok(!quiet.said.join("\n").includes("nothing keeps"));
        const later = receipt("migrate").body as unknown as { backups: Record<string, string> };
        assert.deepEqual(
            Object.entries(later.backups).filter(([, found]) => found === "found"),
            [[server, "found"]],
        );
        here.cloud.backedUp = false;
        here.published = published;
    });

    it("publishes the same again when nothing changed", async () => {
        const before = here.published;
        went(await here.up("prod", { "posit:captures": [opens] }));
        went(await here.up("staging", { ...restores, "posit:accepted.install": receipt("install").digest }));
        assert.deepEqual(here.published, before);
    });
});

function summary({ contract }: Outputs): Record<string, [string, boolean]> {
    const captures = contract.captures as Record<string, { state: string; final: boolean }>;
    return Object.fromEntries(Object.entries(captures).map(([token, { state, final }]) => [token, [state, final]]));
}
