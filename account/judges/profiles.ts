// Whether the instance profiles that hosts are to get are there, with a role in them.
import { CloudAnswer, ifKnown } from "../answer";
import type { ProfileFacts } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";
import type { PlannedHost } from "./image";

export function judgeProfiles(
    hosts: PlannedHost[],
    profiles: Record<string, CloudAnswer<ProfileFacts | undefined>>,
): AccountFinding[] {
    return hosts.flatMap(({ title, key, instanceProfile }) =>
        instanceProfile === undefined
            ? []
            : [profileFinding(`instance profile, ${title}`, key, instanceProfile, profiles[instanceProfile])],
    );
}

function profileFinding(
    about: string,
    key: string,
    name: string,
    answer: CloudAnswer<ProfileFacts | undefined>,
): AccountFinding {
    return ifKnown(
        answer,
        (profile) => {
            if (profile === undefined) {
                return wrong(
                    about,
                    `${name} is not there in this account`,
                    `set ${key}.instanceProfile to the name of a profile (not of its role), or have it made: without it the host is not`,
                );
            }
            return profile.roles.length === 0
                ? wrong(
                      about,
                      `${name} has no role in it`,
                      `have a role added to it, or set ${key}.instanceProfile to another: a host with it has no rights at all`,
                  )
                : ok(about, `${name} is there, with ${profile.roles.join(", ")}`);
        },
        (why) => open(about, why),
    );
}
