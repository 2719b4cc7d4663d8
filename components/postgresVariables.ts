// How a script on a host is told which Postgres server it asks, and which database there.
import * as pulumi from "@pulumi/pulumi";
import type { Secret } from "../logic/secret";
import type { PostgresAddress } from "../products";
import { revealed } from "./secrets";

/** Of a server that this program makes: it may have no address yet. */
export interface PlannedAddress extends Omit<PostgresAddress, "host"> {
    host: pulumi.Output<string>;
}

export function serverVariables({ host, port }: Pick<PlannedAddress, "host" | "port">, ca: string | undefined) {
    return { DATABASE_HOST: host, DATABASE_PORT: port, DATABASE_CA: ca ?? "" };
}

export function databaseVariables(at: PlannedAddress, password: Secret<string> | undefined, ca: string | undefined) {
    return {
        ...serverVariables(at, ca),
        DATABASE_NAME: at.name,
        DATABASE_USER: at.user,
        DATABASE_PASSWORD: password === undefined ? "" : revealed(password),
    };
}
