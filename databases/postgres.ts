// What every kind on a Postgres server says of it.
import { z } from "zod";
import { postgresName } from "../config/leaves";
import { NotedDatabase, whose } from "./kind";
import { databaseLocale } from "./locale";

export const postgresSettings = {
    name: postgresName("connect").describe("Name of the product's database."),
    user: postgresName("connect").describe("The product's role, whose sessions must end for a capture."),
};

/** In the manifest, of one that comes along on a volume and is loaded into a fresh server. */
export const loadedEntry = {
    ...whose,
    name: z.string(),
    user: z.string(),
    /** Absolute: the dump, or the data directory of the server that was closed with its product. */
    path: z.string(),
    /** Major version of the server. */
    engineVersion: z.string(),
    /** How it sorts. Absent where it could not be asked, and in what an older version took. */
    locale: databaseLocale.optional(),
    /** What it took on its server when it was captured. Absent where it could not be asked, and in what an older version took. */
    bytes: z.number().optional(),
};

export const majorOf = ({ engineVersion }: { engineVersion: string }): number => Number(engineVersion.split(".")[0]);

/** What its host noted of it, for its entry. */
export const notedEntry = ({ path, engineVersion, locale, bytes }: NotedDatabase) => ({
    ...{ path, engineVersion },
    ...(locale && { locale }),
    ...(bytes !== undefined && { bytes }),
});
