// Whether the side that was captured is still closed, so that nothing was written there that the capture lacks.
import type { Changes, HostMarker, HostState } from "../contract/host";
import type { HostReport } from "./sideReport";

/**
 * `undefined` while nobody could write to it since it was frozen: it stays closed for that capture, or was retired while it did. A thaw that
 * began counts as opened, whether or not the product was heard to answer. A host that could not be asked is another gate's.
 */
export function whyNotClosed({ product, state, marker }: HostReport, token: string): string | undefined {
    if (!state) {
        return undefined;
    }
    if (marker?.thawingAt || marker?.openedAt) {
        const when = marker.openedAt ?? marker.thawingAt;
        return `${product} was opened again at ${when} (${marker.openedBy ?? "nobody knows by what"})`;
    }
    if (!marker?.stayingSince) {
        return `${product} was not closed for good for capture ${token} (it is ${state.side})`;
    }
    if (state.side === "staying" && state.token === token) {
        return undefined;
    }
    // An older version of this program wrote no token there.
    if (state.side === "retired" && (state.token === token || state.token === "") && gaveWayClosed(state, marker)) {
        return undefined;
    }
    return `${product} is not closed for capture ${token}: it is ${state.side}${state.token ? ` (${state.token})` : ""}`;
}

/**
 * It was retired while it stayed closed. Broken off before the marker could say so, it is closed as long as nothing runs: no thaw opens what is
 * on its way to be retired, and only a boot in that moment would start its units (hosts/serve.sh).
 */
function gaveWayClosed({ state, running }: HostState, marker: HostMarker): boolean {
    return marker.state === "retired" || (marker.state === "staying" && state === "halfway" && running.length === 0);
}

/** "connect: 3 files changed since …" */
export function describeChanges({ product, since, files, examples }: Changes): string {
    const named = examples.length > 0 ? ` (${examples.join(", ")}${files > examples.length ? ", …" : ""})` : "";
    return `${product}: ${files === 1 ? "1 file" : `${files} files`} changed since ${since}${named}`;
}
