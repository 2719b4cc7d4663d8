// Whether a KMS key can be used for what is made or read.
import { CloudAnswer, ifKnown } from "../answer";
import type { KeyFacts, TriedPermission } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

export interface AskedKey {
    arn: string;
    /** What it is for: "posit:kmsKeyId", "vol-…". */
    of: string[];
    things: ("volume" | "server")[];
    /** New things are encrypted with it; otherwise it is only read. */
    forNew: boolean;
    answer: CloudAnswer<KeyFacts | undefined>;
}

/** @param uses what the caller's policies say of keys: that one can be described does not tell that it can be used. */
export function judgeKeys(
    keys: AskedKey[],
    place: { region: string; account: string },
    uses: CloudAnswer<TriedPermission[]>,
): AccountFinding[] {
    return keys.map(({ arn, of, forNew, answer }) => {
        const about = `key of ${of.length > 2 ? `${of.slice(0, 2).join(", ")} and ${of.length - 2} more` : of.join(", ")}`;
        const another = forNew ? "set posit:kmsKeyId to another key" : "ask whoever keeps the key";
        const [, , , region] = arn.split(":");
        if (forNew && region !== place.region) {
            return wrong(about, `${arn} is a key of ${region}, and the stack is in ${place.region}`, another);
        }
        return ifKnown(
            answer,
            (key) =>
                key === undefined
                    ? gone(about, arn, another)
                    : (unusable(about, key, another) ?? usable(about, key, place.account, arn, uses)),
            (why) => open(about, why),
        );
    });
}

function gone(about: string, arn: string, remedy: string): AccountFinding {
    return wrong(about, `there is no key ${arn}`, remedy);
}

function unusable(about: string, key: KeyFacts, another: string): AccountFinding | undefined {
    const { arn, enabled, state, usage, spec } = key;
    if (!enabled || state !== "Enabled") {
        return wrong(
            about,
            `${arn} is in state ${state}: a volume or server made with it goes to state error`,
            state === "PendingDeletion"
                ? `cancel its deletion (\`aws kms cancel-key-deletion\`) and enable it, or ${another}`
                : `enable it (\`aws kms enable-key\`), or ${another}`,
        );
    }
    return usage !== "ENCRYPT_DECRYPT" || spec !== "SYMMETRIC_DEFAULT"
        ? wrong(about, `${arn} is for ${usage} (${spec}); EBS and RDS take symmetric keys only`, another)
        : undefined;
}

function usable(
    about: string,
    key: KeyFacts,
    account: string,
    asked: string,
    uses: CloudAnswer<TriedPermission[]>,
): AccountFinding {
    const ask = "ask whoever keeps it whether this caller may use it and make grants";
    if (key.account !== account) {
        const says = `${key.arn} is enabled, and of account ${key.account}: its own policy says whether this account may use it`;
        return open(about, says, ask);
    }
    return ifKnown(
        uses,
        (known) => {
            const own = known.filter(({ on }) => on === asked);
            return own.length > 0 && own.every(({ verdict }) => verdict === "allowed")
                ? ok(about, `${key.arn} is enabled, and the caller's policies allow its use`)
                : open(about, `${key.arn} is enabled; whether this caller may use it is not told by its policies`, ask);
        },
        (why) => open(about, `${key.arn} is enabled, but whether this caller may use it was not told: ${why}`, ask),
    );
}
