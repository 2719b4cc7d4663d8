// What a schema can't say: conditions between settings.
import { z } from "zod";
import { ProductId, productIds, products } from "../products";
import { environmentSchema, productionSchema } from "./schema";

type Plain = z.infer<typeof environmentSchema> | z.infer<typeof productionSchema>;
type Production = z.infer<typeof productionSchema>;
type Secrets = { databasePasswords: Partial<Record<ProductId, string>> };

/** Problems as "path: what to do". `secrets` are absent when they have problems of their own. */
export function crossChecks(config: Plain, secrets: Secrets | undefined): string[] {
    return config.role === "environment" ? environmentChecks(config) : productionChecks(config, secrets);
}

function environmentChecks(config: z.infer<typeof environmentSchema>): string[] {
    const problems: string[] = [];
    if (config.phase === "migrate" && config.restore === undefined) {
        problems.push("posit:restore: phase migrate needs the token of a capture");
    }
    if (config.phase === "migrate" && config.production === undefined) {
        problems.push("posit:production: phase migrate needs the production stack that took the capture");
    }
    if (config.network.zones.length !== config.network.subnetCidrs.length) {
        problems.push("posit:network.subnetCidrs: must have one range for each of posit:network.zones");
    }
    for (const key of ["operatorCidrs", "userCidrs"] as const) {
        if (config.network[key].includes("0.0.0.0/0")) {
            problems.push(
                `posit:network.${key}: 0.0.0.0/0 would open the environment to the world; name the networks people come from`,
            );
        }
    }
    return problems;
}

function productionChecks(config: Production, secrets: Secrets | undefined): string[] {
    const tokens = config.captures.map((capture) => capture.token);
    return [
        ...tokens
            .filter((token, index) => tokens.indexOf(token) !== index)
            .map((token) => `posit:captures: token ${token} stands there twice; a token names one capture`),
        ...config.captures
            .filter(
                (capture) =>
                    capture.notBefore &&
                    capture.notAfter &&
                    Date.parse(capture.notBefore) >= Date.parse(capture.notAfter),
            )
            .map((capture) => `posit:captures: ${capture.token}: notBefore must come before notAfter`),
        ...("stack" in config.current ? [] : listedChecks(config.current, config.sharedHomes?.mount, secrets)),
    ];
}

type Listed = Exclude<Production["current"], { stack: string }>;

function listedChecks(current: Listed, sharedHomes: string | undefined, secrets: Secrets | undefined): string[] {
    const hostsOf = (volumeId: string) =>
        productIds.filter((product) => current[product].dataVolumes.some((volume) => volume.volumeId === volumeId));
    const volumeIds = productIds.flatMap((product) => current[product].dataVolumes.map(({ volumeId }) => volumeId));
    const shared = [...new Set(volumeIds)]
        .filter((volumeId) => hostsOf(volumeId).length > 1)
        .map(
            (volumeId) =>
                `posit:current: ${volumeId} stands with ${hostsOf(volumeId).join(" and ")}, and a volume is attached to one host only`,
        );
    return [
        ...shared,
        ...productIds.flatMap((product) =>
            hostChecks(current, product, product === "workbench" ? sharedHomes : undefined, secrets),
        ),
    ];
}

function hostChecks(
    current: Listed,
    product: ProductId,
    shared: string | undefined,
    secrets: Secrets | undefined,
): string[] {
    const path = `posit:current.${product}`;
    const { dataVolumes, database } = current[product];
    const mounts = dataVolumes.map(({ mount }) => mount);
    const asked = database.kind === "rds" || database.kind === "external";
    return [
        ...products[product].dataMounts
            .filter((mount) => !mounts.includes(mount) && mount !== shared)
            .map(
                (mount) =>
                    `${path}.dataVolumes: nothing says which volume holds ${mount}; add {volumeId, mount: ${mount}} (and \`folder\` where it is part of a bigger file system)`,
            ),
        ...mounts
            .filter((mount) => mount === shared)
            .map((mount) => `${path}.dataVolumes: ${mount} is in posit:sharedHomes too; it is on the one or the other`),
        ...mounts
            .filter((mount) => systemFolders.test(mount))
            .map(
                (mount) =>
                    `${path}.dataVolumes: ${mount} belongs to the operating system and would hide the new one's; name the folder below it that holds data`,
            ),
        ...mounts
            .filter((mount, index) => mounts.indexOf(mount) !== index)
            .map((mount) => `${path}.dataVolumes: ${mount} stands there twice`),
        ...(database.kind === "local" && !mounts.some((mount) => below(database.dataDirectory, mount))
            ? [
                  `${path}.database.dataDirectory: ${database.dataDirectory} lies on none of dataVolumes, so no capture would have it; add its volume`,
              ]
            : []),
        ...(asked && secrets && secrets.databasePasswords[product] === undefined
            ? [
                  `posit:secrets.databasePasswords.${product}: is needed to see that ${database.user}'s sessions have ended. Set it with \`pulumi config set --secret --path posit:secrets.databasePasswords.${product}\`.`,
              ]
            : []),
    ];
}

const systemFolders = /^\/(|bin|boot|dev|etc|lib|lib64|proc|root|run|sbin|sys|tmp|usr|var|var\/lib|var\/log|opt)\/?$/;

function below(path: string, folder: string): boolean {
    return path === folder || path.startsWith(`${folder.replace(/\/$/, "")}/`);
}
