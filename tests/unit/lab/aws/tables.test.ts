// The lab's tables of what the provider makes of each property, against the SDK's own types. Does not prove what replaces: that is read in the
// provider's source, and some of it assumed.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { factsOf, tables } from "../../../../lab/aws/tables/table";

const sdk = path.join(__dirname, "../../../../node_modules/@pulumi/aws");

/** Property → its kind, as a class and its arguments declare it. */
function declared(token: string): Record<string, string[]> {
    const [, file, name] = /^aws:(\S+):(\S+)$/.exec(token) ?? [];
    const text = fs.readFileSync(path.join(sdk, `${file}.d.ts`), "utf8").replace(/\/\*\*[\s\S]*?\*\//g, "");
    const [ofClass, ofArgs] = [
        text.slice(text.indexOf(`class ${name} `), text.indexOf(`interface ${name}State`)),
        text.slice(text.indexOf(`interface ${name}Args`)),
    ];
    const given = Object.fromEntries(
        [...ofArgs.matchAll(/^ {4}(\w+)(\??): pulumi\.Input/gm)].map(([, property, optional]) => [property, optional]),
    );
    const outputs = [...ofClass.matchAll(/readonly (\w+): pulumi\.Output<([\s\S]*?)>;/g)];
    return Object.fromEntries(
        outputs.map(([, property, type]) => {
            if (given[property] === undefined) return [property, ["computed"]];
            if (given[property] === "") return [property, ["required"]];
            // With a default of the provider's own it is filled too, which its type does not tell.
            return [property, /\| undefined$/.test(type.trim()) ? ["optional", "filled"] : ["filled"]];
        }),
    );
}

describe("the lab's tables of properties", () => {
    for (const [token, { properties, source }] of Object.entries(tables)) {
        it(`have what the SDK has of ${token}, as it has it`, () => {
            const known = declared(token);
            const rows = Object.entries(properties).filter(([name]) => !name.includes("."));
            assert.deepEqual(rows.map(([name]) => name).sort(), Object.keys(known).sort());
            for (const [name, row] of rows) {
                assert.ok(
                    known[name].includes(row.split(" ")[0]),
                    `${name}: ${row}; the SDK says ${known[name].join()}`,
                );
            }
            assert.match(source, /^internal\/service\/\S+\.go$/);
        });
    }

    it("are asked for by their type, and say where one is missing", () => {
        assert.ok(factsOf("aws:ebs/volume:Volume").forceNew.includes("kmsKeyId"));
        assert.throws(() => factsOf("aws:s3/bucket:Bucket"), /no table for aws:s3\/bucket:Bucket: add one/);
    });
});
