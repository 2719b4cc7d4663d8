// Whether what is to be made fits beside what there is.
import { CloudAnswer, ifKnown } from "../answer";
import type { Counted } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";
import { QuotaName, quotaKinds } from "../quotas";

export interface QuotaUse {
    quota: QuotaName;
    value: CloudAnswer<number>;
    /** What the account has of it by now. */
    used: CloudAnswer<Counted>;
    /** What this stack will add to that. */
    needed: CloudAnswer<number>;
}

export function judgeQuotas(uses: QuotaUse[]): AccountFinding[] {
    return uses.map((use) => {
        const about = `quota, ${quotaKinds[use.quota].title}`;
        const missing = (why: string) => open(about, why);
        return ifKnown(
            use.value,
            (value) =>
                ifKnown(
                    use.used,
                    (used) => ifKnown(use.needed, (needed) => judged(about, use.quota, value, used, needed), missing),
                    missing,
                ),
            missing,
        );
    });
}

function judged(about: string, quota: QuotaName, value: number, used: Counted, needed: number): AccountFinding {
    const { service, code, unit } = quotaKinds[quota];
    const there = `${used.more ? "more than " : ""}${rounded(used.count)} of ${rounded(value)} ${unit} are used`;
    const says = needed > 0 ? `${there}, and ${rounded(needed)} more are needed` : `${there}, and no more are needed`;
    if (needed > 0 && used.count + needed > value) {
        return wrong(
            about,
            says,
            `ask for ${Math.ceil(used.count + needed)} at least (\`aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${Math.ceil(used.count + needed)}\`; it may take days), or give back what nobody needs`,
        );
    }
    return used.more && needed > 0 ? open(about, `${says}; there are too many to count in a minute`) : ok(about, says);
}

function rounded(number: number): string {
    return String(Math.round(number * 10) / 10);
}
