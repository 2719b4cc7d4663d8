// A database that its product's own role can load from a dump as it is.
import type { LoadFacts } from "../../logic/databaseFacts";

export const freeLoad: LoadFacts = {
    extensions: [],
    eventTriggers: [],
    publications: [],
    subscriptions: [],
    functions: [],
    policyRoles: [],
    owners: [],
    grantees: [],
};
