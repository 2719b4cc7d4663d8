// The gates: what must hold before a stack may move on. Pure; each answers every unmet condition, in words that say what to do.
// Gates guard the move, not the standing: what a stack has done already it may go on doing.
import type { EnvironmentConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { CaptureManifest, ProductionOutputs } from "../contract/production";
import { freshLocale, loadedOf, staying, unlikeFresh } from "../databases";
import { byProduct, inOrder, products } from "../products";
import { checkUntold, productionPlaces } from "./isolation";
import { checkNetwork } from "./networkGates";
import type { NetworkPlace } from "./networkPlace";
import { compareParity } from "./parity";
import { productionInReach } from "./productionInReach";
import { hasPassed } from "./receipt";
import { checkPrepared, preparedGone } from "./preparedServer";
import { checkProtected, checkServing, dangerousChanges, EnvironmentStanding } from "./servingEnvironment";
import { remaining, sentence, Unmet } from "./unmet";
import { compareVersions } from "./versions";

function withoutOverridden(unmet: Unmet[], overrides: { gate: string }[]): string[] {
    return remaining(unmet, overrides).map(sentence);
}

export function checkEnvironmentGates(args: {
    config: EnvironmentConfig;
    production?: ProductionOutputs;
    own?: EnvironmentOutputs;
    /** Where the environment is. */
    region: string;
    place: NetworkPlace;
    /** Who serves, as far as that was asked. */
    standing?: EnvironmentStanding;
}): string[] {
    const { config, production, own, region, place, standing = {} } = args;
    const unmet: Unmet[] = [
        ...checkServing(dangerousChanges(config, own, place), standing),
        ...checkProtected(config, own, place, preparedGone(config, own, production)),
        ...checkPrepared(config, own, production),
        ...checkNetwork({ config, production, own, place }),
        ...versionsNotOlder(config, production),
        ...missingPasswords(config, production),
        ...(own?.phase === "migrate" && own.restored === config.restore
            ? []
            : reachesProduction(config, place, production)),
        ...checkUntold({ config, place, production, own }),
    ];
    if (config.phase === "install") {
        if (own?.phase === "migrate") {
            unmet.push({
                gate: "phase",
                condition: `this environment has been migrated; phase install would throw its content away. Destroy the stack and begin anew, or set posit:phase back to migrate`,
            });
        }
        return withoutOverridden(unmet, config.overrides);
    }
    if (own?.phase !== "migrate") {
        unmet.push(...installAccepted(config, own));
    }
    if (own?.restored !== config.restore) {
        unmet.push(...restorable(config, production, region));
    } else if (config.restore !== undefined && !production?.captures[config.restore]) {
        unmet.push({
            gate: "capture",
            condition: `production no longer publishes capture ${config.restore}, which this environment stands on; put it back into posit:captures there`,
        });
    }
    return withoutOverridden(unmet, config.overrides);
}

function versionsNotOlder(config: EnvironmentConfig, production?: ProductionOutputs): Unmet[] {
    return byProduct(production?.inventory ?? {}).flatMap(([product, { version: theirs }]) => {
        return compareVersions(config[product].version, theirs) < 0
            ? [
                  {
                      gate: "version",
                      condition: `posit:${product}.version ${config[product].version} is older than production's ${theirs}; an older program refuses a newer database. Use ${theirs} or newer`,
                  },
              ]
            : [];
    });
}

/** Asked until content is there; once this environment serves, production's hosts and servers are its own. */
function reachesProduction(
    { network, front }: EnvironmentConfig,
    place: NetworkPlace,
    production?: ProductionOutputs,
): Unmet[] {
    const places = productionPlaces(production);
    const own = places.find(({ address }) => address === front);
    return [
        ...productionInReach(network, place, places),
        ...(own === undefined
            ? []
            : [
                  `posit:front: ${own.address} is ${own.what}: what is in front of the new hosts must lead to them and nowhere else`,
              ]),
    ].map((condition) => ({ gate: "isolation", condition }));
}

function missingPasswords({ phase, restore, secrets }: EnvironmentConfig, production?: ProductionOutputs): Unmet[] {
    const capture = phase === "migrate" && restore !== undefined ? production?.captures[restore] : undefined;
    const wanted = inOrder.flatMap((product) =>
        products[product].databases
            .filter(({ role }) => !staying(product, role, { capture, inventory: production?.inventory[product] }))
            .map(({ role }) => ({ product, role })),
    );
    return wanted
        .filter(({ product, role }) => secrets.databasePasswords[product][role] === undefined)
        .map(({ product, role }) => ({
            gate: "password",
            condition: `there is no password for the database of ${product}: set one with \`pulumi config set --secret --path posit:secrets.databasePasswords.${product}.${role}\``,
        }));
}

function installAccepted(config: EnvironmentConfig, own?: EnvironmentOutputs): Unmet[] {
    const receipt = own?.receipts.install;
    if (!receipt) {
        return [
            {
                gate: "install",
                condition:
                    "there is no install receipt: run `pulumi up` in phase install first, test the environment, and accept its receipt",
            },
        ];
    }
    const unmet: Unmet[] = [];
    if (!hasPassed(receipt)) {
        unmet.push({
            gate: "install",
            condition:
                "the install receipt has failed checks: `pulumi stack output receipt` shows which; mend them and run `pulumi up` in phase install again",
        });
    }
    if (config.accepted.install !== receipt.digest) {
        const said = config.accepted.install
            ? `posit:accepted.install is ${config.accepted.install}`
            : "posit:accepted.install is not set";
        unmet.push({
            gate: "install",
            condition: `${said}, but the install receipt is ${receipt.digest}: read it (\`pulumi stack output receipt\`) and commit that digest to accept it`,
        });
    }
    return unmet;
}

function restorable(config: EnvironmentConfig, production: ProductionOutputs | undefined, region: string): Unmet[] {
    const capture = config.restore === undefined ? undefined : production?.captures[config.restore];
    if (!capture) {
        const known = Object.keys(production?.captures ?? {});
        return [
            {
                gate: "capture",
                condition: `production has no capture "${config.restore}"; it has ${known.length > 0 ? known.join(", ") : "none yet: append one to posit:captures there"}`,
            },
        ];
    }
    const unmet: Unmet[] = [];
    if (capture.state !== "complete") {
        unmet.push({
            gate: "capture",
            condition: `capture ${capture.token} is ${capture.state}: ${capture.reasons.join("; ")}. Take another one under a new token`,
        });
    }
    for (const [product, taken] of byProduct(capture.versions)) {
        if (compareVersions(config[product].version, taken) < 0) {
            unmet.push({
                gate: "version",
                condition: `capture ${capture.token} has ${product} ${taken}, newer than posit:${product}.version ${config[product].version}`,
            });
        }
    }
    if (capture.region !== region) {
        unmet.push({
            gate: "capture",
            condition: `capture ${capture.token} lies in ${capture.region}, this environment in ${region}: snapshots are restored where they are. Set aws:region to ${capture.region}`,
        });
    }
    return [
        ...unmet,
        ...otherPostgres(config, capture),
        ...unencrypted(capture),
        ...sortedOtherwise(capture),
        ...tooSmall(config, capture),
        ...unlike(config, production),
    ];
}

/** A restore can't encrypt what its source does not: the environment would stand on a plain server for good. */
function unencrypted(capture: CaptureManifest): Unmet[] {
    return capture.databases
        .filter(({ storageEncrypted }) => storageEncrypted === false)
        .map(({ server }) => ({
            gate: "encryption",
            condition: `database server ${server} of capture ${capture.token} is not encrypted, and a restore is as its source is: take a new capture with database: dump, or declare that server external in posit:current (kind: external, with its host): either way its databases are dumped and loaded into a server that is encrypted. Or accept a plain server with posit:overrides: [{gate: encryption, reason: …}]`,
        }));
}

/** Names, searches and lists would change their order, and nobody would be told. */
function sortedOtherwise(capture: CaptureManifest): Unmet[] {
    return loadedOf(capture.volumeDatabases).flatMap(({ product, name, locale }) => {
        const unlike = locale && unlikeFresh(locale);
        const { lcCollate } = freshLocale(locale);
        return unlike === undefined
            ? []
            : [
                  {
                      gate: "collation",
                      condition: `the database ${name} of ${product} in capture ${capture.token} ${unlike}, and is loaded into a new one that sorts by ${lcCollate}. Move it to a database of the C library's locale in production first (CREATE DATABASE … LOCALE_PROVIDER libc) and take a new capture; or accept that order with posit:overrides: [{gate: collation, reason: …}]`,
                  },
              ];
    });
}

/** Of a fresh server's storage, what is loaded may take: logs of the load and room to grow come on top (assumed). */
const fillsAtMost = 0.6;

/** A load that fills its server would end in the closed hours, after everything else is restored. */
function tooSmall({ database }: EnvironmentConfig, capture: CaptureManifest): Unmet[] {
    const bytes = loadedOf(capture.volumeDatabases).reduce((sum, loaded) => sum + (loaded.bytes ?? 0), 0);
    const gib = (of: number) => Math.ceil(of / 2 ** 30);
    return bytes > fillsAtMost * database.allocatedStorage * 2 ** 30
        ? [
              {
                  gate: "capture",
                  condition: `the databases that capture ${capture.token} has on its volumes take ${gib(bytes)} GiB, and are loaded into a new server of ${database.allocatedStorage} GiB: set posit:database.allocatedStorage to ${gib(bytes / fillsAtMost)} at least`,
              },
          ]
        : [];
}

function otherPostgres(config: EnvironmentConfig, capture: CaptureManifest): Unmet[] {
    const major = (version: string) => Number(version.split(".")[0]);
    const ours = major(config.database.engineVersion);
    const restored = capture.databases
        .filter(({ engineVersion }) => major(engineVersion) !== ours)
        .map(({ server, engineVersion }): Unmet => ({
            gate: "version",
            condition: `database server ${server} of capture ${capture.token} has Postgres ${engineVersion}, posit:database.engineVersion is ${config.database.engineVersion}; a restore keeps its major version, so set ${major(engineVersion)}`,
        }));
    const loaded = loadedOf(capture.volumeDatabases)
        .filter(({ majorVersion }) => majorVersion > ours)
        .map(({ product, engineVersion, majorVersion }): Unmet => ({
            gate: "version",
            condition: `the database of ${product} in capture ${capture.token} comes from Postgres ${engineVersion}, posit:database.engineVersion is ${config.database.engineVersion}; what is loaded goes to the same version or a newer one, so set ${majorVersion}`,
        }));
    return [...restored, ...loaded];
}

/** What content or files would miss here. */
function unlike(config: EnvironmentConfig, production?: ProductionOutputs): Unmet[] {
    return compareParity(config, production?.inventory, production?.endpoints)
        .filter(({ level }) => level === "error")
        .map(({ product, what, detail }) => ({ gate: "parity", condition: `${product}, ${what}: ${detail}` }));
}

/** Captures that were dropped from the configuration while an environment still stands on them. */
export function checkDroppedCaptures(args: {
    configured: string[];
    published: string[];
    environments: { name: string; restored?: string }[];
}): string[] {
    return args.environments
        .filter(
            ({ restored }) =>
                restored !== undefined && args.published.includes(restored) && !args.configured.includes(restored),
        )
        .map(
            ({ name, restored }) =>
                `capture ${restored} is in use by stack ${name}; keep it in posit:captures until that stack has moved on (to give a cutover up, set reopen: true on it)`,
        );
}
