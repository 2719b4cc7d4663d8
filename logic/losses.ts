// Whether the side that was captured is still closed, so that nothing was written there that the capture lacks.
import type { ProductId } from "../products/ids";
import type { HostMarker } from "./captureState";

/** hosts/changes.sh; `files` counts to a thousand. */
export interface Changes {
    product: ProductId;
    since: string;
    files: number;
    examples: string[];
}

/** States of a host that nobody could write to since it was frozen. */
const closedStates = ["staying", "retired"];

/** `undefined` while it is closed. */
export function whyNotClosed(product: ProductId, marker: HostMarker): string | undefined {
    if (closedStates.includes(marker.state)) {
        return undefined;
    }
    return marker.openedAt
        ? `${product} was opened again at ${marker.openedAt} (${marker.openedBy ?? "nobody knows by what"})`
        : `${product} is not closed for capture ${marker.token} (${marker.state})`;
}

/** "connect: 3 files changed since …" */
export function describeChanges({ product, since, files, examples }: Changes): string {
    const named = examples.length > 0 ? ` (${examples.join(", ")}${files > examples.length ? ", …" : ""})` : "";
    return `${product}: ${files === 1 ? "1 file" : `${files} files`} changed since ${since}${named}`;
}
