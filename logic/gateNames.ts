// The names of all gates, as a refusal says them and an override names them. A gate that is not listed here can't be overridden.

export const gateNames = [
    "phase",
    "install",
    "capture",
    "version",
    "parity",
    "password",
    "migrated",
    "accepted",
    "final",
    "serve.window",
    "serve.back",
    "serve.unreachable",
    "serving",
    "names",
    "names.public",
    "network",
    "encryption",
    "collation",
    "isolation",
] as const;

/** Nothing lets these pass but doing what they say. */
export const firmGates = ["current", "reopen", "protected", "prepare"] as const;

export type GateName = (typeof gateNames)[number] | (typeof firmGates)[number];
