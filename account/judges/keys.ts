// Whether a KMS key can be used for what is made or read.
import { CloudAnswer, ifKnown } from "../answer";
import type { KeyFacts } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

export interface AskedKey {
    arn: string;
    /** What it is for: "posit:kmsKeyId", "vol-…". */
    of: string[];
    /** New things are encrypted with it; otherwise it is only read. */
    forNew: boolean;
    answer: CloudAnswer<KeyFacts | undefined>;
}

export function judgeKeys(keys: AskedKey[], place: { region: string; account: string }): AccountFinding[] {
    return keys.map(({ arn, of, forNew, answer }) => {
        const about = `key of ${of.length > 2 ? `${of.slice(0, 2).join(", ")} and ${of.length - 2} more` : of.join(", ")}`;
        const another = forNew ? "set posit:kmsKeyId to another key" : "ask whoever keeps the key";
        const [, , , region] = arn.split(":");
        if (forNew && region !== place.region) {
            return wrong(about, `${arn} is a key of ${region}, and the stack is in ${place.region}`, another);
        }
        return ifKnown(
            answer,
            (key) => (key === undefined ? gone(about, arn, another) : judgeKey(about, key, another, place.account)),
            (why) => open(about, why),
        );
    });
}

function gone(about: string, arn: string, remedy: string): AccountFinding {
    return wrong(about, `there is no key ${arn}`, remedy);
}

function judgeKey(about: string, key: KeyFacts, another: string, account: string): AccountFinding {
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
    if (usage !== "ENCRYPT_DECRYPT" || spec !== "SYMMETRIC_DEFAULT") {
        return wrong(about, `${arn} is for ${usage} (${spec}); EBS and RDS take symmetric keys only`, another);
    }
    return key.account === account
        ? ok(about, `${arn} is enabled`)
        : open(
              about,
              `${arn} is enabled, and of account ${key.account}: its own policy says whether this account may use it`,
              "ask whoever keeps it whether this caller may use it and make grants",
          );
}
