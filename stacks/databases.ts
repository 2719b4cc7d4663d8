// What production's databases are like, found out with its inventory: on the first day, and whenever that is read anew. What was found stands in between.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProductionConfig } from "../config/schema";
import type { PublishedServer, Inventory, OwnProduction } from "../contract/production";
import { DatabaseConfig, networkPlace, serverOf, ServerPlace, sessionsOf } from "../databases";
import { databaseCodes, databaseFactFindings } from "../logic/databaseFacts";
import { byProduct, PerProduct, perProduct, ProductId } from "../products";
import { messageOf } from "../remote/limits";
import type { HostQuestions } from "./questions";
import type { NamedSide } from "./sides";

type Finding = Inventory["findings"][number];

export interface LookedAt {
    config: ProductionConfig;
    side: NamedSide;
    own: OwnProduction | undefined;
    /** What asks for a new reading, as it asks hosts. */
    reading: string | undefined;
    /** Hosts that can't be asked: what was found of theirs stands. */
    asleep: ProductId[];
    questions: Pick<HostQuestions, "databaseFacts">;
}

export async function foundInDatabases(args: LookedAt): Promise<PerProduct<Finding[]>> {
    const found = await Promise.all(
        Object.entries(perProduct((product) => findingsOf(product, args))).map(
            async ([product, findings]) => [product, await findings] as const,
        ),
    );
    return Object.fromEntries(found) as PerProduct<Finding[]>;
}

async function findingsOf(product: ProductId, args: LookedAt): Promise<Finding[]> {
    const { side, own, reading, asleep } = args;
    const last = own?.inventory?.[product].findings;
    if (last && (reading === undefined || asleep.includes(product))) {
        return last.filter(({ code }) => Object.values(databaseCodes).includes(code));
    }
    const { databases } = side.hosts[product];
    return (await Promise.all(databases.map((database) => ask(product, database, args)))).flat();
}

async function ask(product: ProductId, database: DatabaseConfig, args: LookedAt): Promise<Finding[]> {
    const { config, side, questions } = args;
    if (sessionsOf(database) === undefined) {
        return []; // nobody answers over the network
    }
    try {
        const server = serverOf(database);
        const place = server === undefined ? undefined : await aws.rds.getInstance({ dbInstanceIdentifier: server });
        const address = sessionsOf(database, place)!;
        const access = {
            ...address,
            ca: config.databaseCaCertificate,
            password: side.databasePasswords[product]?.[database.role],
        };
        const master = place?.masterUsername;
        const facts = await questions.databaseFacts(side.hosts[product], access, master);
        return databaseFactFindings(address, facts, master);
    } catch (error) {
        return [
            {
                code: databaseCodes.unasked,
                verdict: "declare",
                detail: `its database can't be asked what it is like: ${messageOf(error)}`,
                remedy: "mend that before a capture, which has to ask it too",
            },
        ];
    }
}

/**
 * Where a side's database servers answer, so that new hosts can try whether they reach them. What RDS does not say now is what it said last: a look-up that
 * fails holds nobody up, and changes no output.
 */
export async function databaseServersOf(
    { hosts }: Pick<NamedSide, "hosts">,
    own: Pick<OwnProduction, "databaseServers"> | undefined,
    ask = aws.rds.getInstance,
): Promise<PublishedServer[]> {
    const databases = byProduct(hosts).flatMap(([, host]) => host.databases);
    const names = [...new Set(databases.flatMap((database) => serverOf(database) ?? []))];
    const places = new Map(
        await Promise.all(names.map(async (name) => [name, await placeOfServer(name, ask)] as const)),
    );
    const servers = databases.flatMap((database) => {
        const told = networkPlace(database, places.get(serverOf(database) ?? ""));
        const last = own?.databaseServers?.find(({ server }) => server === told?.server);
        return told ? [told.address === undefined && last ? last : told] : [];
    });
    const same = (one: PublishedServer, other: PublishedServer) =>
        one.server === other.server && one.port === other.port;
    return servers.filter((one, index) => servers.findIndex((other) => same(one, other)) === index);
}

async function placeOfServer(server: string, ask: typeof aws.rds.getInstance): Promise<ServerPlace | undefined> {
    try {
        return await ask({ dbInstanceIdentifier: server });
    } catch (error) {
        void pulumi.log.warn(
            `database server ${server} can't be asked where it answers, so new hosts may not be able to try whether they reach it: ${messageOf(error)}`,
        );
        return undefined;
    }
}

/** The inventory with what its databases say. */
export function withDatabaseFindings(
    inventory: PerProduct<Inventory>,
    found: PerProduct<Finding[]>,
): PerProduct<Inventory> {
    return perProduct((product) => ({
        ...inventory[product],
        findings: [...inventory[product].findings, ...found[product]],
    }));
}
