// Stands in for the `postgresql` provider where the real plugin can't be had: roles and databases, over a real connection.
import { readFileSync } from "node:fs";
import { Client } from "pg";
import { OperationContext, ResourceType } from "../providerKit/resource";
import { serve } from "../providerKit/serve";
import { createDatabase, literal, name } from "./statements";
import { Properties } from "../providerKit/values";

async function withServer<T>(configuration: Properties, use: (client: Client) => Promise<T>): Promise<T> {
    const mode = String(configuration.sslmode ?? "prefer");
    const client = new Client({
        host: String(configuration.host),
        port: Number(configuration.port ?? 5432),
        user: String(configuration.username),
        password: String(configuration.password),
        database: String(configuration.database ?? "postgres"),
        connectionTimeoutMillis: Number(configuration.connectTimeout ?? 180) * 1000,
        ssl:
            mode === "disable"
                ? false
                : {
                      rejectUnauthorized: mode === "verify-full" || mode === "verify-ca",
                      ca:
                          configuration.sslrootcert === undefined
                              ? undefined
                              : readFileSync(String(configuration.sslrootcert), "utf8"),
                  },
    });
    await client.connect();
    try {
        return await use(client);
    } finally {
        await client.end();
    }
}

let configuration: Properties = {};

async function roleStatement(verb: "CREATE" | "ALTER", inputs: Properties, context: OperationContext): Promise<void> {
    await withServer(context.configuration, (client) =>
        client.query(
            `${verb} ROLE ${name(inputs.name)} WITH ${inputs.login === true ? "LOGIN" : "NOLOGIN"}${inputs.password === undefined ? "" : ` PASSWORD ${literal(inputs.password)}`}`,
        ),
    );
}

const role: ResourceType = {
    forceNew: ["name"],
    computed: [],
    secretOutputs: ["password"],
    create: async (inputs, context) => {
        await roleStatement("CREATE", inputs, context);
        return { id: String(inputs.name), outputs: {} };
    },
    read: async (id, inputs, outputs) => {
        const found = await withServer(configuration, (client) =>
            client.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = $1", [id]),
        );
        const login = (found.rows[0] as { rolcanlogin: boolean } | undefined)?.rolcanlogin;
        return login === undefined
            ? undefined
            : { id, inputs: { name: id, ...inputs, login }, outputs: { ...outputs, name: id, login } };
    },
    update: async (_id, inputs, _outputs, context) => {
        await roleStatement("ALTER", inputs, context);
        return {};
    },
    delete: async (id, _outputs, context) => {
        await withServer(context.configuration, (client) => client.query(`DROP ROLE IF EXISTS ${name(id)}`));
    },
};

/** As the real provider: the master joins the owner's role for as long as it needs to. */
async function asMemberOf(client: Client, owner: string, use: () => Promise<unknown>): Promise<void> {
    await client.query(`GRANT ${name(owner)} TO CURRENT_USER`);
    try {
        await use();
    } finally {
        await client.query(`REVOKE ${name(owner)} FROM CURRENT_USER`);
    }
}

async function fixedOf(client: Client, id: string): Promise<Properties> {
    const found = await client.query(
        `SELECT 'template0' AS template, pg_encoding_to_char(encoding) AS encoding, datcollate AS "lcCollate", datctype AS "lcCtype"
         FROM pg_database WHERE datname = $1`,
        [id],
    );
    return found.rows[0] as Properties;
}

const database: ResourceType = {
    // Of the real provider's schema: what is fixed when a database is made forces a new one, and is read back where it was not given. (A new name
    // renames it there; here nothing ever does.)
    forceNew: ["name", "template", "encoding", "lcCollate", "lcCtype"],
    optionalComputed: ["template", "encoding", "lcCollate", "lcCtype"],
    readBack: ["template", "encoding", "lcCollate", "lcCtype"],
    computed: [],
    create: async (inputs, context) => {
        await withServer(context.configuration, (client) =>
            asMemberOf(client, String(inputs.owner), () => client.query(createDatabase(inputs))),
        );
        const made = await withServer(context.configuration, (client) => fixedOf(client, String(inputs.name)));
        return { id: String(inputs.name), outputs: made };
    },
    read: async (id, inputs, outputs) => {
        const found = await withServer(configuration, (client) =>
            client.query("SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1", [id]),
        );
        const owner = (found.rows[0] as { owner: string } | undefined)?.owner;
        return owner === undefined
            ? undefined
            : { id, inputs: { name: id, ...inputs, owner }, outputs: { ...outputs, name: id, owner } };
    },
    update: async (id, inputs, _outputs, context) => {
        await withServer(context.configuration, (client) =>
            asMemberOf(client, String(inputs.owner), () =>
                client.query(`ALTER DATABASE ${name(id)} OWNER TO ${name(inputs.owner)}`),
            ),
        );
        return {};
    },
    delete: async (id, outputs, context) => {
        await withServer(context.configuration, (client) =>
            asMemberOf(client, String(outputs.owner), () => client.query(`DROP DATABASE IF EXISTS ${name(id)}`)),
        );
    },
};

serve({
    name: "postgresql",
    version: "3.18.1",
    resources: { "postgresql:index/role:Role": role, "postgresql:index/database:Database": database },
    invokes: {},
    configure: async (given) => {
        configuration = given;
    },
});
