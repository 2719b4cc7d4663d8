// The repository's two stack files as text: as they are, filled in as a person would, and with a commit's changes.
import * as fs from "node:fs";
import * as path from "node:path";
import { Document, isScalar, parseDocument, visit } from "yaml";
import { filledIn, secretsOf, StackTemplate } from "../unit/config/samples";
import { secured } from "./stackRun";

/** "posit:connect.version" → value; undefined takes the key out. */
export type Changes = Record<string, unknown>;

export function template(stack: StackTemplate): string {
    return fs.readFileSync(path.join(__dirname, "../..", `Pulumi.${stack}.yaml`), "utf8");
}

function documentOf(text: string): Document {
    return parseDocument(text);
}

/** With values of one's own in every place that has the template's, and secrets as the engine writes them. */
export function filledTemplate(stack: StackTemplate, changes: Changes = {}, secrets = secretsOf[stack]): string {
    const document = documentOf(template(stack));
    visit(document, {
        Scalar: (_key, node) => {
            if (isScalar(node) && typeof node.value === "string") node.value = filledIn(node.value);
        },
    });
    document.setIn(["config", "posit:secrets"], document.createNode(secured(secrets)));
    for (const [key, value] of Object.entries(changes)) {
        const place = ["config", ...key.split(".")];
        if (value === undefined) document.deleteIn(place);
        else document.setIn(place, document.createNode(value));
    }
    return document.toString({ lineWidth: 0 });
}
