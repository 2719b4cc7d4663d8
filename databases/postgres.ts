// What every kind on a Postgres server says of it.
import { z } from "zod";
import { postgresName } from "../config/leaves";
import { whose } from "./kind";

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
};

export const majorOf = ({ engineVersion }: { engineVersion: string }): number => Number(engineVersion.split(".")[0]);
