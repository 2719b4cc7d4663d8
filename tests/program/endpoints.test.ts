// Where products answer, through index.ts: what production says of itself, what an environment makes of it, and what is refused. The hosts' answers
// are played; what they find is tried in tests/unit/hosts/endpoints.test.ts.
import assert from "node:assert/strict";
import { productIds } from "../../products";
import { endpoint } from "../unit/endpoints";
import { Installation, Outputs } from "./installation";
import type { Recording } from "./recorder";
import { shapes } from "./shapes";
import type { Ran } from "./stackRun";

const names = { packageManager: "packages.acme.com", workbench: "workbench.acme.com", connect: "connect.acme.com" };
const behind = { ...names, packageManager: "https://packages.acme.com", connect: "https://connect.acme.com" };

describe("where products answer, through index.ts", function () {
    this.timeout(60_000);
    let here: Installation;
    beforeEach(async () => (here = await Installation.of(shapes.plain)));
    afterEach(() => here.stop());

    const says = (url: string, address: string) => ({
        endpoints: { listens: [{ ...endpoint(url), host: "*" }], address },
    });
    const went = (ran: Ran): Ran & { recording: Recording } => {
        assert.equal(ran.refused, undefined);
        return ran as Ran & { recording: Recording };
    };
    const contract = (outputs: Outputs) => outputs.contract as Record<string, Record<string, Record<string, unknown>>>;
    const program = ({ registrations }: Recording, name: string): string => {
        const { stdin } = registrations.find((one) => one.name === name)!.inputs as {
            stdin: string | { value: string };
        };
        return typeof stdin === "string" ? stdin : stdin.value;
    };
    const file = (recording: Recording, name: string): string => {
        const [, list] = /^FILES_content=\((.*)\)$/m.exec(program(recording, name))!;
        return [...list.matchAll(/'([^']*)'/g)].map(([, text]) => Buffer.from(text, "base64").toString()).join("\n");
    };
    const rules = ({ registrations }: Recording) =>
        registrations
            .filter(({ type }) => /SecurityGroup(In|E)gressRule/.test(type))
            .map(({ name, inputs }) => [name, inputs.fromPort, inputs.cidrIpv4] as const);

    it("is the port that production has, in every place that speaks of it", async () => {
        here.says.connect = says("http://x:8080", "http://connect.acme.com:8080");
        const { said } = went(await here.up("prod", { "posit:current.connect.productPort": 8080 }));
        assert.doesNotMatch(said.join("\n"), /address/);
        const { recording } = went(await here.up("staging"));
        const connect = file(recording, "connect-product-configure");
        assert.match(connect, /Address = .?http:\/\/connect\.acme\.com:8080/);
        assert.match(connect, /Listen = .?:8080/);
        for (const name of ["start", "check", "configure"]) {
            assert.match(program(recording, `connect-product-${name}`), /^PORT='8080'$/m, name);
            assert.match(program(recording, `workbench-product-${name}`), /^PORT='8787'$/m, name);
        }
        const opened = rules(recording).filter(([name]) => /connect-ingress-users|egress-to-connect/.test(name));
        assert.ok(opened.length >= 3);
        assert.deepEqual([...new Set(opened.map(([, port]) => port))], [8080]);
        const { hosts, endpoints } = contract(here.published.staging);
        assert.deepEqual(hosts.connect.local, { scheme: "http", host: hosts.connect.address, port: 8080 });
        assert.deepEqual(endpoints.connect, endpoint("http://connect.acme.com:8080"));
    });

    it("is told on the first day where production's own address is not what users are led to", async () => {
        here.says.connect = says("http://x:3939", "https://connect.acme.com");
        const { said } = went(await here.up("prod"));
        assert.match(
            said.join("\n"),
            /Connect \[other-address\]: .*at https:\/\/connect\.acme\.com \(Server\.Address\), and posit:entryPoints leads users to http:\/\/connect\.acme\.com:3939/,
        );
        const published = contract(here.published.prod);
        assert.deepEqual(published.endpoints.connect, endpoint("http://connect.acme.com:3939"));
        went(await here.up("staging"));
        const parity = (here.published.staging as unknown as { parity: { level: string; what: string }[] }).parity;
        assert.ok(parity.some(({ level, what }) => level === "error" && what === "public address of connect"));
    });

    it("stays what it is in an environment that has its content, and so does its receipt, whatever production says by now", async () => {
        const rehearsal = { token: "tk1", reopen: true };
        const digest = (phase: "install" | "migrate") =>
            (here.published.staging.contract as { receipts: Record<string, { digest: string }> }).receipts[phase]
                .digest;
        went(await here.up("prod"));
        went(await here.up("staging"));
        went(await here.up("prod", { "posit:captures": [rehearsal] }));
        const restore = { "posit:phase": "migrate", "posit:restore": rehearsal.token };
        const migrated = { ...restore, "posit:accepted.install": digest("install") };
        went(await here.up("staging", migrated));
        const before = digest("migrate");
        here.says.connect = says("http://x:8080", "https://connect.acme.com");
        went(await here.up("prod", { "posit:captures": [rehearsal], "posit:current.connect.productPort": 8080 }));
        const named = { "posit:names": { ...names, connect: "http://connect.acme.com:3939" } };
        for (const change of [{}, named]) {
            const { recording } = went(await here.up("staging", { ...migrated, ...change }));
            const connect = file(recording, "connect-product-configure");
            assert.match(connect, /Listen = .?:3939/);
            assert.match(connect, /Address = .?http:\/\/connect\.acme\.com:3939/);
            assert.match(program(recording, "connect-product-start"), /^PORT='3939'$/m);
        }
        went(await here.up("staging", migrated));
        assert.equal(digest("migrate"), before);
    });

    it("is what answers in front, where a load balancer ends TLS", async () => {
        here.says.connect = says("http://x:3939", "https://connect.acme.com");
        const { recording } = went(await here.up("staging", { "posit:names": behind, "posit:front": "10.9.0.20" }));
        const connect = file(recording, "connect-product-configure");
        assert.match(connect, /Address = .?https:\/\/connect\.acme\.com"?$/m);
        assert.match(connect, /Listen = .?:3939/);
        assert.match(connect, /https:\/\/packages\.acme\.com\/cran\//);
        assert.match(
            file(recording, "workbench-product-configure"),
            /r-cran-repos=https:\/\/packages\.acme\.com\/cran\//,
        );
        for (const product of ["connect", "workbench"]) {
            const lines = program(recording, `${product}-product-configure`);
            assert.match(
                lines,
                /^HOSTS_OVERRIDE_name=\('packages\.acme\.com' 'workbench\.acme\.com' 'connect\.acme\.com'\)$/m,
            );
            assert.match(lines, /^HOSTS_OVERRIDE_address=\('10\.9\.0\.20' '10\.20\.1\.\d+' '10\.9\.0\.20'\)$/m);
        }
        assert.match(program(recording, "connect-product-check"), /^EXPECTED_front='10\.9\.0\.20'$/m);
        assert.doesNotMatch(program(recording, "workbench-product-check"), /^EXPECTED_front=/m);
        assert.deepEqual(
            rules(recording).filter(([name]) => name.includes("front")),
            ["package-manager", "workbench", "connect"].map((slug) => [
                `network-${slug}-egress-front-443`,
                443,
                "10.9.0.20/32",
            ]),
        );
        assert.deepEqual(contract(here.published.staging).endpoints.connect, endpoint("https://connect.acme.com"));
        assert.deepEqual(here.published.staging.contract.names, names);
    });

    const refused: [string, Record<string, unknown>, RegExp][] = [
        [
            "TLS that nobody ends",
            { "posit:names": behind },
            /posit:names\.packageManager: https:\/\/packages\.acme\.com is nothing that a product serves in this version[^]*posit:names\.connect: https/,
        ],
        [
            "a port at which nobody answers",
            { "posit:names": { ...names, connect: "http://connect.acme.com" } },
            /posit:names\.connect: http:\/\/connect\.acme\.com is not where Connect itself answers, which is plain HTTP on port 3939/,
        ],
        [
            "something in front that is production's own",
            { "posit:names": behind, "posit:front": "10.1.0.12", "posit:network.userCidrs": ["10.1.0.0/16"] },
            /posit:front: 10\.1\.0\.12 is production's Connect/,
        ],
        ["something in front of nothing", { "posit:front": "10.9.0.20" }, /posit:front: no name leads there/],
        [
            "something in front that is not let in",
            { "posit:names": behind, "posit:front": "10.77.0.20" },
            /posit:front: 10\.77\.0\.20 lies in none of posit:network\.userCidrs/,
        ],
        [
            "one name for two",
            { "posit:names": { ...behind, workbench: "http://connect.acme.com:8080" }, "posit:front": "10.9.0.20" },
            /posit:names\.connect: is workbench's name too/,
        ],
    ];
    for (const [what, changes, words] of refused) {
        it(`is refused before anything is registered: ${what}`, async () => {
            went(await here.up("prod"));
            const ran = await here.up("staging", changes);
            assert.match(ran.refused!, words);
            assert.ok(!("recording" in ran) && ran.registered === 0);
        });
    }

    it("that this version can't serve is said on the first day, and no environment takes its content", async () => {
        const finding = {
            code: "tls-in-product",
            verdict: "refused" as const,
            detail: "Connect ends TLS itself (:443)",
            remedy: "not served by this version",
        };
        here.says.connect = { ...says("https://x", "https://connect.acme.com"), findings: [finding] };
        const { said } = went(await here.up("prod"));
        assert.match(
            said.join("\n"),
            /refused, no capture will be taken: Connect \[tls-in-product\]: Connect ends TLS itself \(:443\); not served by this version/,
        );
        assert.equal(productIds.length, 3);
    });
});
