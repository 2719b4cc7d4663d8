// Which permissions the caller lacks, by what was tried (DryRun) and what its policies say (simulation).
import { CloudAnswer, ifKnown } from "../answer";
import type { TriedPermission } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

export function judgePermissions(
    tried: TriedPermission[],
    simulated: CloudAnswer<TriedPermission[]>,
): AccountFinding[] {
    return [
        ...judged("permissions, tried", tried),
        ...ifKnown(
            simulated,
            (answers) => judged("permissions, simulated", answers),
            (why) => [
                open(
                    "permissions, simulated",
                    why,
                    "only what EC2 lets be tried was tried; the first `pulumi up` tells the rest",
                ),
            ],
        ),
    ];
}

function judged(about: string, tried: TriedPermission[]): AccountFinding[] {
    const allowed = tried.filter(({ verdict }) => verdict === "allowed");
    const actions = [...new Set(allowed.map(({ action }) => action))];
    return [
        ...(actions.length > 0 ? [ok(about, actions.join(", "))] : []),
        ...tried.filter(({ verdict }) => verdict === "denied").map((one) => denied(about, one)),
        ...tried
            .filter(({ verdict }) => verdict === "unclear")
            .map(({ action, on, says = "no reason given" }) => open(about, `${action} on ${on}: ${says}`)),
    ];
}

function denied(about: string, { action, on, says }: TriedPermission): AccountFinding {
    const because = says === undefined ? "" : ` (${says})`;
    return says?.startsWith("OptInRequired")
        ? wrong(
              about,
              `${action} on ${on} is refused: nobody has subscribed to the image${because}`,
              "accept its terms in the AWS Marketplace with this account, or take an image that is not sold there",
          )
        : wrong(
              about,
              `${action} on ${on} is not allowed${because}`,
              `have ${action} allowed to this caller for that; without it \`pulumi up\` stops half-way`,
          );
}
