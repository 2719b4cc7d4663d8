// The account that the program logs in with on hosts that it makes itself.

/** Not in people's range, whose numbers come from production. */
export const operatorUid = 59_990;

/** Not below /home, which is a data volume's place. */
export function operatorHome(user: string): string {
    return `/var/lib/${user}`;
}
