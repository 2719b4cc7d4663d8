// What earlier versions of this program published, or left on hosts, in today's shape: a step before a schema reads it, which lets through what
// has that shape already. All of it is one change: a product's one database became a list, by role (decision 22).
import { mainRole } from "../products";

type Values = Record<string, unknown>;

function isObject(value: unknown): value is Values {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

const mapValues = (values: unknown, change: (value: unknown) => unknown): unknown =>
    isObject(values) ? Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)])) : values;

const mapList = (values: unknown, change: (value: unknown) => unknown): unknown =>
    Array.isArray(values) ? values.map(change) : values;

/** {database: {…}} → {databases: [{role: mainRole, …}]}, of an inventory and of a host's marker. */
export function listedDatabase(value: unknown): unknown {
    if (!isObject(value) || !isObject(value.database) || value.databases !== undefined) {
        return value;
    }
    const { database, ...rest } = value;
    return { ...rest, databases: [{ role: mainRole, ...(database as Values) }] };
}

/** {connect: {…}} → {connect: [{…}]}, of what an environment has. */
export function listsByProduct(databases: unknown): unknown {
    return mapValues(databases, (one) => (isObject(one) ? [{ role: mainRole, ...one }] : one));
}

/** {connect: "…"} → {connect: {main: "…"}}, of an environment's passwords. */
export function passwordsByRole(passwords: unknown): unknown {
    return mapValues(passwords, (one) => (typeof one === "string" ? { [mainRole]: one } : one));
}

/** In a manifest: Postgres' role was called `role`, and is `user` now, as in the configuration. */
export function manifestDatabases(manifest: unknown): unknown {
    return isObject(manifest)
        ? {
              ...manifest,
              databases: mapList(manifest.databases, (server) =>
                  isObject(server) ? { ...server, databases: mapList(server.databases, ofRole) } : server,
              ),
              ...(manifest.volumeDatabases !== undefined && {
                  volumeDatabases: mapList(manifest.volumeDatabases, ofRole),
              }),
          }
        : manifest;
}

function ofRole(entry: unknown): unknown {
    if (!isObject(entry) || (entry.role !== undefined && (entry.user !== undefined || entry.name === undefined))) {
        return entry;
    }
    const { role, ...rest } = entry;
    return { ...rest, role: mainRole, ...(role !== undefined && { user: role }) };
}
