// Makes the program that a host runs from hosts/*.sh: variables, the library, the product's functions, the script, `main`.
// It goes to the host by stdin, never in a command's text, so that no log shows what the variables hold.
import { ProductId } from "../products/ids";

export const scriptNames = [
    "ready",
    "hostkey",
    "accounts",
    "mount",
    "install",
    "configure",
    "start",
    "check",
    "inventory",
    "secrets",
    "window",
    "thaw",
    "record",
    "restore-database",
    "quarantine",
    "repair",
    "rebuild",
    "serve",
] as const;

/** hosts/NAME.sh */
export type ScriptName = (typeof scriptNames)[number];

export interface ScriptRequest {
    script: ScriptName;
    /** Brings the functions of hosts/products/*.sh along. */
    product?: ProductId;
    /**
     * Shell variables, by name. One whose name ends in _JSON and that holds a list of objects reaches the script as columns:
     * ACCOUNTS_JSON [{name, uid}] becomes the arrays ACCOUNTS_name and ACCOUNTS_uid, so that no host needs a JSON parser.
     */
    variables?: Record<string, string>;
}

export interface RenderedScript {
    text: string;
    /** Of the script's sources, not of the variables. */
    hash: string;
}

export function renderScript(_request: ScriptRequest): RenderedScript {
    throw new Error("not there yet");
}
