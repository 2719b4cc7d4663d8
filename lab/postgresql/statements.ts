// The statements of the `postgresql` stand-in, as the real provider makes them (cyrilgdn/terraform-provider-postgresql,
// postgresql/resource_postgresql_database.go): from template0, in UTF-8 unless another encoding is given; a locale only where one is.
import type { Properties } from "../providerKit/values";

export const name = (text: unknown): string => `"${String(text).replace(/"/g, '""')}"`;
export const literal = (text: unknown): string => `'${String(text).replace(/'/g, "''")}'`;

export function createDatabase(inputs: Properties): string {
    const locale = [
        ["LC_COLLATE", inputs.lcCollate],
        ["LC_CTYPE", inputs.lcCtype],
    ].flatMap(([word, value]) => (value === undefined ? [] : [`${String(word)} ${literal(value)}`]));
    return [
        `CREATE DATABASE ${name(inputs.name)} OWNER ${name(inputs.owner)}`,
        `TEMPLATE ${name(inputs.template ?? "template0")}`,
        `ENCODING ${literal(inputs.encoding ?? "UTF8")}`,
        ...locale,
    ].join(" ");
}
