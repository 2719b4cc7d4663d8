// A value of each kind for what host scripts are given, so that every one of them can be rendered.
import type { ProductId } from "../../../products/ids";
import { renderScript, ScriptRequest } from "../../../remote/script";
import { columnOf, entryOf, ScriptName, Variable } from "../../../remote/scripts";

function sampleOf(variable: Variable): unknown {
    if (variable.kind === "text") {
        return variable.words?.[0] ?? "1";
    }
    const row = Object.fromEntries(variable.columns.map((column) => [columnOf(column).key, "1"]));
    return variable.kind === "fields" ? row : [row];
}

/** Of a script that is no product's the product is left out. */
export function sampleProgram(script: ScriptName, product: ProductId): string {
    const { of, variables = {} } = entryOf(script);
    const values = Object.entries(variables).map(([name, variable]) => [name, sampleOf(variable)]);
    const request = { script, variables: Object.fromEntries(values), ...(of === "product" && { product }) };
    // Which script it is only the run tells.
    return renderScript(request as unknown as ScriptRequest);
}
