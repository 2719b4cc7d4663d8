// What the present program would do to what an earlier one has made, from `pulumi preview --json` and from states, and what of it must not be. Pure.

/** The part of a step that is read here (pkg/display/json.go of the engine). */
export interface PreviewStep {
    op: string;
    urn: string;
    oldState?: { urn: string };
    diffReasons?: string[];
    replaceReasons?: string[];
    detailedDiff?: Record<string, unknown> | null;
}

export interface Preview {
    steps?: PreviewStep[];
    diagnostics?: { message: string; severity: string }[];
}

export interface PlannedChange {
    urn: string;
    what: "create" | "update" | "replace" | "rename" | "delete" | "import";
    /** Those that differ; of a replacement those that force it. */
    properties: string[];
}

const quiet = new Set(["same", "read", "refresh"]);
const updates: Record<string, PlannedChange["what"]> = { create: "create", update: "update", import: "import" };

/** One entry a resource, in the engine's order; a replacement is several steps. An operation that is unknown here counts as a deletion. */
export function plannedChanges(steps: PreviewStep[]): PlannedChange[] {
    const byUrn = new Map<string, PreviewStep[]>();
    for (const step of steps) byUrn.set(step.urn, [...(byUrn.get(step.urn) ?? []), step]);
    return [...byUrn].flatMap(([urn, all]): PlannedChange[] => {
        const former = all.find(({ oldState }) => oldState !== undefined && oldState.urn !== urn)?.oldState?.urn;
        if (former !== undefined) return [{ urn, what: "rename", properties: [former] }];
        const loud = all.filter(({ op }) => !quiet.has(op));
        if (loud.length === 0) return [];
        if (loud.some(({ op }) => /repla/.test(op))) return [{ urn, what: "replace", properties: reasons(loud) }];
        return [{ urn, what: updates[loud[0].op] ?? "delete", properties: differing(loud) }];
    });
}

const reasons = (steps: PreviewStep[]): string[] => unique(steps.flatMap(({ replaceReasons = [] }) => replaceReasons));

function differing(steps: PreviewStep[]): string[] {
    return unique(
        steps.flatMap(({ detailedDiff, diffReasons = [] }) => {
            const detailed = Object.keys(detailedDiff ?? {});
            return detailed.length > 0 ? detailed : diffReasons;
        }),
    );
}

const unique = (texts: string[]): string[] => [...new Set(texts)].sort();

/** A sentence for each change that users' installations would not survive. */
export function forbidden(changes: PlannedChange[]): string[] {
    return changes
        .filter(({ urn }) => !isDefaultProvider(urn))
        .flatMap(({ urn, what, properties }) => {
            switch (what) {
                case "create":
                case "update":
                case "import":
                    return [];
                case "replace":
                    return isCommand(urn) && canonicalReasons(properties) === "triggers"
                        ? []
                        : [`${urn} would be replaced because of ${properties.join(", ") || "nothing that is said"}`];
                case "rename":
                    return [`${urn} was ${properties.join(", ")}`];
                case "delete":
                    return [`${urn} would be deleted`];
            }
        });
}

/** "triggers[0]" is one of triggers. */
const canonicalReasons = (properties: string[]): string =>
    unique(properties.map((property) => property.replace(/[.[].*$/, ""))).join();

const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
const isCommand = (urn: string): boolean => typeOf(urn).startsWith("command:");
/** They come and go with the version of their package, and hold nothing. */
const isDefaultProvider = (urn: string): boolean =>
    /^pulumi:providers:/.test(typeOf(urn)) && /::default_[^:]*$/.test(urn);

interface StateResource {
    urn: string;
    id?: string;
    delete?: boolean;
}

/** From one exported state to the next: what is gone, and what is another thing under the same name. Commands run again by becoming others. */
export function lostInState(before: string, after: string): string[] {
    const [had, has] = [before, after].map(resourcesOf);
    return [...had].flatMap(([urn, id]) => {
        if (isDefaultProvider(urn)) return [];
        if (!has.has(urn)) return [`${urn} is gone`];
        return has.get(urn) === id || isCommand(urn) ? [] : [`${urn} was ${id} and is ${has.get(urn)}`];
    });
}

function resourcesOf(state: string): Map<string, string | undefined> {
    const { deployment } = JSON.parse(state) as { deployment: { resources?: StateResource[] } };
    const standing = (deployment.resources ?? []).filter((one) => one.delete !== true);
    return new Map(standing.map(({ urn, id }) => [urn, id]));
}
