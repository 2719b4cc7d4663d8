// Tells who serves, by asking every host of every side at once: a table for people, JSON for a pipeline. Reads only.
import { byProduct, ProductId } from "../products";
import { HostsFile } from "./hostsFile";
import { askHosts, Questions } from "./questions";
import { judge, SeenHost, SeenSide, Verdict } from "./standing";

export async function lookAt(sides: HostsFile[], questions: Pick<Questions, "state"> = askHosts): Promise<SeenSide[]> {
    const look = async ({ hosts }: HostsFile, product: ProductId): Promise<SeenHost> => {
        const { address } = hosts[product];
        return questions.state(hosts[product], product).then(
            (state) => ({ product, address, state }),
            (error: Error) => ({ product, address, problem: error.message }),
        );
    };
    return Promise.all(
        sides.map(async (side) => ({
            side: side.side,
            hosts: await Promise.all(byProduct(side.hosts).map(([product]) => look(side, product))),
        })),
    );
}

/** Answers the exit status. */
export async function tellState(
    sides: HostsFile[],
    options: { json: boolean; log: (line: string) => void; questions?: Questions },
): Promise<Verdict["status"]> {
    const seen = await lookAt(sides, options.questions);
    const verdict = judge(seen);
    options.log(
        options.json
            ? asJson(seen, verdict)
            : [...table(seen), "", `status ${verdict.status}: ${verdict.why}`].join("\n"),
    );
    return verdict.status;
}

function asJson(seen: SeenSide[], { status, why }: Verdict): string {
    const sides = seen.map(({ side, hosts }) => ({
        side,
        hosts: hosts.map(({ product, address, state, problem }) =>
            state ? { address, ...state, product } : { address, product, problem },
        ),
    }));
    return JSON.stringify({ status, why, sides }, null, 2);
}

const head = ["side", "product", "address", "state", "token", "since", "until", "timers", "answering"];

function table(seen: SeenSide[]): string[] {
    const rows = seen.flatMap(({ side, hosts }) => hosts.map((host) => [side, ...cells(host)]));
    const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
    const line = (row: string[]) =>
        row
            .map((cell, column) => cell.padEnd(widths[column]))
            .join("  ")
            .trimEnd();
    const problems = seen.flatMap(({ side, hosts }) =>
        hosts.flatMap(({ product, problem }) => (problem === undefined ? [] : [`${side} ${product}: ${problem}`])),
    );
    return [line(head), ...rows.map(line), ...problems];
}

function cells({ product, address, state }: SeenHost): string[] {
    if (!state) {
        return [product, address, "unknown", "-", "-", "-", "-", "-"];
    }
    const where = state.state ? `${state.side} (${state.state})` : state.side;
    const rest = [state.token, state.since, state.until, state.timers.join(",")].map((text) => text || "-");
    return [product, address, where, ...rest, state.answering ? "yes" : "no"];
}
