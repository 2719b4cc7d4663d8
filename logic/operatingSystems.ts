// Families of operating systems. What each does in its own way stands in hosts/os/FAMILY.sh; a host tells itself which it is of.

export const osFamilies = ["debian", "redhat"] as const;

export type OsFamily = (typeof osFamilies)[number];

/** Why new hosts can't be of that family yet; production's own can be of any. */
export const notYet: Partial<Record<OsFamily, string>> = {
    redhat: "this version moves Debian and Ubuntu, and production's own hosts alone may be of Red Hat's family; take an image of Debian or Ubuntu, and write debian",
};
