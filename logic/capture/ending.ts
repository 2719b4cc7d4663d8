// How hosts came out of a capture's window, by their own memory. Complete and final are two questions: complete is how the window ended,
// which never changes; final is that nobody opened a host since, which can only be lost. The configuration is asked in neither.
import type { HostMarker } from "../../contract/host";

/** Why a host's memory makes its capture void, for ever. A host that stayed may have been opened later: that is not the window's end. */
export function markerFindings(marker: HostMarker): string[] {
    const who = marker.product ?? "a host";
    if (marker.state === "unreadable") {
        return [`what ${who} remembers of it can't be read (cut off by a power loss?)`];
    }
    if (!marker.closedAt) {
        return [`${who} was never closed for it`];
    }
    if (!marker.frozenAt || !marker.quiet) {
        return [`${who} was not proved quiet`];
    }
    if (openedStraight(marker) || stayedStraight(marker)) {
        return [];
    }
    if (marker.stayingSince) {
        return [`${who} began to open (${marker.openedBy ?? "nobody knows by what"}) before it stayed closed`];
    }
    return [
        marker.openedBy
            ? `${who} was opened by "${marker.openedBy}" instead of by completion`
            : `${who} did not say how its window ended`,
    ];
}

/** From frozen to open, told by the program that has every snapshot. */
export function openedStraight({ openedBy, stayingSince }: HostMarker): boolean {
    return openedBy === "complete" && !stayingSince;
}

/** From frozen to staying, without a thaw in between. A time that can't be read proves nothing. */
export function stayedStraight({ stayingSince, thawingAt }: HostMarker): boolean {
    return !!stayingSince && (!thawingAt || Date.parse(thawingAt) > Date.parse(stayingSince));
}

/** States of a host that nobody could work on since it was frozen: it waits, or another side serves instead. */
const closedStates = ["staying", "retired"];

/** It stayed, and nobody opened it since. */
export function stillStays(marker: HostMarker): boolean {
    return (
        markerFindings(marker).length === 0 &&
        stayedStraight(marker) &&
        !marker.thawingAt &&
        closedStates.includes(marker.state)
    );
}

/** Every host still stays closed: the capture may be served. */
export function isFinal(markers: HostMarker[]): boolean {
    return markers.length > 0 && markers.every(stillStays);
}

/** Where hosts stayed: who of them was opened since (or never stayed), when and by what; the same words at every run. */
export function openedSince(markers: HostMarker[]): string[] {
    if (markers.every(({ stayingSince }) => !stayingSince)) {
        return [];
    }
    return markers
        .filter((marker) => marker.closedAt && !stillStays(marker))
        .map(
            ({ product, thawingAt, openedAt, openedBy, state }) =>
                `${product ?? "a host"} at ${thawingAt ?? openedAt ?? "a time that it does not tell"} by "${openedBy ?? state}"`,
        );
}

/** Why a host that stays closed for that token waits for nothing, and is to be opened; `undefined` while it waits for something. */
export function whyGivenUp(
    token: string,
    captures: { token: string; reopen: boolean }[],
    /** Of the captures in the configuration: who was opened since. */
    opened: Record<string, string[]>,
    /** Why they are void for ever. */
    voids: Record<string, string[]> = {},
): string | undefined {
    const capture = captures.find((one) => one.token === token);
    if (!capture) {
        return "it is not in posit:captures any longer";
    }
    if (capture.reopen) {
        return "posit:captures says reopen: true";
    }
    if (voids[token]) {
        return `it is void: ${voids[token].join("; ")}`;
    }
    const others = opened[token] ?? [];
    return others.length > 0 ? `it can't be served any more, since a host was opened: ${others.join("; ")}` : undefined;
}
