// How the hosts of a side stand, by their own account: asked side by side, for whichever role has to know who serves.
import type { HostReport, SideReport } from "../logic/sideReport";
import { byProduct } from "../products";
import type { ServingQuestions } from "./questions";
import type { NamedSide } from "./sides";

export type ReportQuestions = Pick<ServingQuestions, "state" | "marker" | "instance">;

/** A host that can't be asked is reported as unknown, with the reason. */
export async function reportOf(
    { key, hosts }: Pick<NamedSide, "key" | "hosts">,
    questions: ReportQuestions,
    /** The capture of which each is asked what it remembers; whether the cloud is asked of those that can't be. */
    { token, askCloud }: { token?: string; askCloud: boolean },
): Promise<SideReport> {
    const reports = await Promise.all(
        byProduct(hosts).map(async ([product, host]): Promise<HostReport> => {
            const { instanceId, address, publicAddress } = host;
            const common = { product, instanceId, address, publicAddress };
            try {
                const [state, marker] = await Promise.all([
                    questions.state(host, product),
                    token === undefined
                        ? undefined
                        : // One that can't be read proves nothing; the host is there all the same.
                          questions.marker(host, product, token).catch(() => ({ token, state: "unreadable" })),
                ]);
                return { ...common, state, marker };
            } catch (error) {
                return {
                    ...common,
                    unknown: (error as Error).message,
                    ...(askCloud && { cloud: await questions.instance(instanceId) }),
                };
            }
        }),
    );
    return { key, hosts: reports };
}
