// Whether the zone and what it holds under the three names are as this program can take them over.
import type { PlainProduction } from "../../config/schema";
import { HeldRecords, planRecords } from "../../logic/servingRecords";
import { byProduct, mapProducts, PerProduct } from "../../products";
import { CloudAnswer, ifKnown } from "../answer";
import type { ZoneFacts } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

export interface AskedNames {
    zone: string;
    ttl: number;
    names: PerProduct<string>;
}

/** What the configuration says of names that are records in a zone; `undefined` where there are none. */
export function namesInZone({ entryPoints }: PlainProduction): AskedNames | undefined {
    return entryPoints?.kind === "route53"
        ? {
              zone: entryPoints.zone,
              ttl: entryPoints.ttl,
              names: mapProducts(entryPoints, (name) => name),
          }
        : undefined;
}

export function judgeZone({ zone, names }: AskedNames, answer: CloudAnswer<ZoneFacts | undefined>): AccountFinding[] {
    const about = `zone ${zone}`;
    return ifKnown(
        answer,
        (facts) => {
            if (facts === undefined) {
                return [
                    wrong(
                        about,
                        "is not there in this account",
                        "set posit:entryPoints.zone to the zone that holds the names; where it is another account's, let people lead them (kind: external)",
                    ),
                ];
            }
            const strange = byProduct(names).filter(
                ([, name]) => name !== facts.name && !name.endsWith(`.${facts.name}`),
            );
            return strange.length > 0
                ? strange.map(([, name]) =>
                      wrong(
                          about,
                          `is ${facts.name}, and ${name} does not lie in it`,
                          "set posit:entryPoints.zone to the zone of the names",
                      ),
                  )
                : [ok(about, `is ${facts.name}${facts.isPrivate ? ", a private zone" : ""}`)];
        },
        (why) => [open(about, why)],
    );
}

/**
 * @param led this stack may have led the names already: then it changes TTL and values on purpose, and only what it can't lead is wrong.
 */
export function judgeRecords(
    asked: AskedNames,
    answer: CloudAnswer<HeldRecords>,
    production: PlainProduction,
    led: boolean,
): AccountFinding[] {
    const { current } = production;
    if ("stack" in current) {
        return [open("names", "which hosts they must lead to is published by a stack, and no stack is asked here")];
    }
    const accepted = new Set<string>(production.overrides.map(({ gate }) => gate));
    return ifKnown(
        answer,
        (held) =>
            byProduct(asked.names).flatMap(([product, name]) => {
                const about = `name ${name}`;
                const { instanceId, address, publicAddress = address } = current[product];
                const target = { key: "listed", hosts: [{ product, instanceId, address, publicAddress }] };
                const only = {
                    ...held,
                    ...Object.fromEntries(
                        Object.keys(held)
                            .filter((one) => one !== name)
                            .map((one) => [one, []]),
                    ),
                };
                const { unmet } = planRecords({ entryPoints: asked, held: only, target, forward: false });
                const own = unmet.filter(
                    ({ condition, gate, firm }) => condition.includes(name) && (firm || !accepted.has(gate)),
                );
                const found = held[name] ?? [];
                if (own.length === 0) {
                    const record = found.map(({ type, values, ttl }) => `${type} ${values.join(", ")}, TTL ${ttl}`);
                    return [ok(about, record.join("; ") || "has no record yet: `pulumi up` makes it")];
                }
                return own.map(({ condition, firm }) => {
                    const [says, remedy] = inTwo(condition);
                    return led && !firm
                        ? open(
                              about,
                              says,
                              "right where this stack has led the names before; else as it says for a first `pulumi up`: " +
                                  remedy,
                          )
                        : wrong(about, says, remedy);
                });
            }),
        (why) => [open("names", why)],
    );
}

/** What is, and what to do about it: the last sentence. */
function inTwo(condition: string): [says: string, remedy: string] {
    const at = condition.search(/\. (Set|Replace|Put) /);
    return at < 0 ? [condition, condition] : [condition.slice(0, at), condition.slice(at + 2)];
}
