// What `pulumi up` of an environment stack does: reads what production publishes, passes the gates, builds, publishes.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { networkInterfaces } from "node:os";
import { EnvironmentConfig } from "../config/schema";
import { expiredMoments, unrestorable } from "../cloud/capture/restorable";
import { existingNetwork } from "../cloud/existingNetwork";
import { Environment, EnvironmentArgs } from "../components/environment";
import { EnvironmentOutputs, readEnvironment } from "../contract/environment";
import { CaptureManifest, ProductionOutputs, readProduction } from "../contract/production";
import type { BackupFound } from "../logic/backups";
import { planDevices } from "../logic/devices";
import { checkEnvironmentGates } from "../logic/gates";
import { placesToTry, untoldWarning } from "../logic/isolation";
import { nothingLeft } from "../logic/leftNetwork";
import { existingPlace, isExisting, NetworkPlace } from "../logic/networkPlace";
import { commonTags } from "../logic/names";
import { compareParity } from "../logic/parity";
import { plannedServers, serverBase, stayingDatabases, subnetGroupOf } from "../logic/plannedServers";
import { preparedInVain } from "../logic/preparedServer";
import { dangerousChanges, EnvironmentStanding, placedBy } from "../logic/servingEnvironment";
import { buildReceipt, parityFound, receiptDigest } from "../logic/receipt";
import { isOverridden } from "../logic/unmet";
import { doubtfulPostgresRoute } from "../logic/postgresRoute";
import { Answering, answeringOf, keptPorts, unserved } from "../logic/publicEndpoints";
import { unclearSettings } from "../logic/unclearSettings";
import { unknownOf } from "../logic/unreachable";
import { DatabaseLocation } from "../components/databases";
import { revealed } from "../components/secrets";
import { byProduct, mapProducts, PerProduct } from "../products";
import { careOf } from "./care";
import { leftNetwork } from "./leftNetwork";
import { leftServers, publishedServers } from "./leftServers";
import { fullName, ownName, publishedBy } from "./peers";
import { realQuestions } from "./questions";
import { refusal, refuse, warnOverrides } from "./refusals";
import { ReportQuestions, reportOf } from "./reports";
import { publishedHosts } from "./sides";

export async function environmentStack(
    config: EnvironmentConfig,
    questions: ReportQuestions = realQuestions,
): Promise<Record<string, unknown>> {
    const production = config.production ? await readPeerProduction(config.production) : undefined;
    const own = readEnvironment((await publishedBy(ownName())).contract, "this stack's last outputs");
    warnOverrides(config.overrides);
    const { region } = await aws.getRegion();
    const place = await placeOf(config.network);
    const standing = await standingOf(config, production, { own, place }, questions);
    const { devices, problems } = devicesFor(config, production, own);
    const kept = keptPorts(config, own);
    const answering = answeringOf(config, production?.inventory, kept);
    refuse("this environment can't be built yet", [
        ...checkEnvironmentGates({ config, production, own, region, place, standing }),
        ...problems,
        ...unserved(config, answering),
        ...unclearSettings(config, production),
    ]);

    const capture = config.phase === "migrate" ? captureOf(production, config.restore) : undefined;
    if (capture && own?.restored !== capture.token) {
        refuse("this environment can't be built yet", await lostOf(capture));
    }
    const doubts = [
        doubtfulPostgresRoute({ config, production, own, addresses: ownAddresses() }),
        untoldWarning({ config, place, production, own }),
    ];
    doubts.forEach((doubt) => doubt !== undefined && void pulumi.log.warn(doubt));
    const backups = own && production?.serving.side === ownName() ? await careOf(config, own) : undefined;
    const left = await leftOf(config, { production, own, capture, place });
    const environment = new Environment("posit-team", {
        config,
        secrets: config.secrets,
        stack: pulumi.getStack(),
        production,
        capture,
        place,
        unreachable: placesToTry({
            place,
            production,
            own: own ? addressesOf(own) : [],
            answering,
            overrides: config.overrides,
        }),
        ...left,
        devices,
        answering,
    });
    preparedInVain(config, production, environment.prepared !== undefined).forEach(
        (line) => void pulumi.log.warn(line),
    );
    return outputs(config, production, capture, environment, own, { devices, answering, place, kept, backups });
}

function addressesOf({ hosts, databases }: EnvironmentOutputs): string[] {
    return [
        ...byProduct(hosts).map(([, { address }]) => address),
        ...byProduct(databases).flatMap(([, own]) => own.flatMap((one) => ("host" in one ? [one.host] : []))),
    ];
}

/** Of this machine. */
function ownAddresses(): string[] {
    return Object.values(networkInterfaces()).flatMap((own) => (own ?? []).map(({ address }) => address));
}

interface Run {
    production?: ProductionOutputs;
    own?: EnvironmentOutputs;
    capture?: CaptureManifest;
    place: NetworkPlace;
}

/** What a run that ended has left in the cloud, to go on with. */
async function leftOf(
    config: EnvironmentConfig,
    { production, own, capture, place }: Run,
): Promise<Pick<EnvironmentArgs, "leftServers" | "leftNetwork">> {
    const stack = pulumi.getStack();
    const base = serverBase(config, stack);
    const tags = commonTags(config, stack);
    const stays = stayingDatabases(capture, production);
    const planned = plannedServers(base, { capture, prepare: config.prepare }, stays);
    const { masterUsername } = config.database;
    const [servers, network] = await Promise.all([
        leftServers(planned, { tags, masterUsername, kmsKeyId: config.kmsKeyId }, publishedServers(base, own)),
        own === undefined
            ? leftNetwork({ place, tags, subnetGroup: planned.length > 0 ? subnetGroupOf(base) : undefined })
            : nothingLeft,
    ]);
    return { leftServers: servers, leftNetwork: network };
}

async function placeOf(network: EnvironmentConfig["network"]): Promise<NetworkPlace> {
    if (!isExisting(network)) {
        return { kind: "own", network };
    }
    const place = existingPlace(network, await existingNetwork(network.existing));
    if (Array.isArray(place)) {
        throw refusal("this environment can't be built in that network", place);
    }
    return place;
}

async function readPeerProduction(stack: string): Promise<ProductionOutputs | undefined> {
    const published = await publishedBy(fullName(stack));
    return readProduction(published.contract, published.secrets, `stack ${stack}`);
}

/**
 * Asked only where the answer matters. What production published says it; so does any of its own hosts, should that be older. The cloud is
 * asked of those that can't be: one that is gone holds nobody up.
 */
async function standingOf(
    config: EnvironmentConfig,
    production: ProductionOutputs | undefined,
    { own, place }: { own: EnvironmentOutputs | undefined; place: NetworkPlace },
    questions: ReportQuestions,
): Promise<EnvironmentStanding> {
    if (!own || dangerousChanges(config, own, place).length === 0 || isOverridden("serving", config.overrides)) {
        return {};
    }
    if (production?.serving.side === ownName()) {
        return { publishedBy: config.production };
    }
    const side = { key: ownName(), hosts: publishedHosts(own, config) };
    const hosts = await reportOf(side, questions, { askCloud: true });
    for (const { product, unknown, cloud } of unknownOf(hosts)) {
        void pulumi.log.warn(
            `${product} can't be asked whether it serves: ${unknown} (the cloud says of its instance: ${cloud})`,
        );
    }
    return { hosts };
}

async function lostOf(capture: CaptureManifest): Promise<string[]> {
    const findings = await Promise.all([unrestorable(capture), expiredMoments(capture, new Date())]);
    return findings
        .flat()
        .map(
            (finding) =>
                `capture ${capture.token} can't be restored: ${finding}. Restore another capture, or take one under a new token`,
        );
}

function devicesFor(
    config: EnvironmentConfig,
    production: ProductionOutputs | undefined,
    own: EnvironmentOutputs | undefined,
): ReturnType<typeof planDevices> {
    const token = config.phase === "migrate" ? config.restore : undefined;
    const capture = token === undefined ? undefined : production?.captures[token];
    return planDevices({ capture, sharedHomes: (capture ?? production)?.sharedHomes, own });
}

function captureOf(production: ProductionOutputs | undefined, token: string | undefined): CaptureManifest {
    const capture = token === undefined ? undefined : production?.captures[token];
    if (!capture) {
        throw new Error(`no capture ${token}`); // the gates have refused this already
    }
    return capture;
}

interface Planned {
    devices: ReturnType<typeof planDevices>["devices"];
    answering: PerProduct<Answering>;
    place: NetworkPlace;
    /** Of an environment that stands. */
    kept?: PerProduct<number>;
    /** Of one that serves. */
    backups?: Record<string, BackupFound>;
}

function outputs(
    config: EnvironmentConfig,
    production: ProductionOutputs | undefined,
    capture: CaptureManifest | undefined,
    environment: Environment,
    own: EnvironmentOutputs | undefined,
    { devices, answering, place, kept, backups }: Planned,
): Record<string, unknown> {
    const standing = kept && { ports: kept, found: parityFound(own?.receipts.migrate) };
    const parity = compareParity(config, production?.inventory, production?.endpoints, standing);
    const receipt = environment.checks.apply((checks) => buildReceipt({ config, checks, parity, capture }));
    const digest = receipt.apply(receiptDigest);
    // No part of what a person has accepted: it comes and goes while the environment serves.
    const shown = receipt.apply((body) => ({ ...body, ...(backups && { backups }) }));
    const receipts = pulumi
        .all([shown, digest])
        .apply(([body, sha]) => ({ ...own?.receipts, [config.phase]: { digest: sha, body } }));
    const contract = {
        contract: "posit-environment/1",
        phase: config.phase,
        hosts: environment.hosts,
        databases: publishedDatabases(environment.databases),
        devices,
        receipts,
        accepted: config.accepted,
        ...(capture && { restored: capture.token }),
        ...(environment.prepared !== undefined && { prepared: environment.prepared }),
        names: mapProducts(answering, ({ endpoint }) => endpoint.host),
        endpoints: mapProducts(answering, ({ endpoint }) => endpoint),
        placed: placedBy(config, place),
        protected: config.deletionProtection,
    };
    return {
        contract,
        // For captures of this environment once it serves: production asks its databases whether they are quiet.
        secrets: pulumi.secret({ databasePasswords: publishedPasswords(config.secrets) }),
        receipt: shown,
        [config.phase === "install" ? "installReceipt" : "migrationReceipt"]: digest,
        parity,
        repairs: environment.repairs,
    };
}

function publishedPasswords({ databasePasswords }: EnvironmentConfig["secrets"]) {
    return mapProducts(databasePasswords, (own) =>
        Object.fromEntries(Object.entries(own).map(([role, password]) => [role, password && revealed(password)])),
    );
}

function publishedDatabases(locations: PerProduct<DatabaseLocation[]>) {
    return mapProducts(locations, (own) => own.map(({ published }) => published));
}
