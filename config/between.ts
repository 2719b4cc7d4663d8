// What checks between settings answer, and what several of them ask.
import { products } from "../products";

/** Something wrong between settings. */
export interface Between {
    at: string;
    says: string;
    /** What else was looked at: where one of these has a problem of its own, this one says nothing. */
    also?: string[];
}

/** The second and later ones of equal keys, each with the first that is like it. */
export function doubles<T>(items: T[], key: (item: T) => string): { item: T; first: T; index: number }[] {
    return items.flatMap((item, index) => {
        const first = items.findIndex((other) => key(other) === key(item));
        return first < index ? [{ item, first: items[first], index }] : [];
    });
}

export function below(path: string, folder: string): boolean {
    return path === folder || path.startsWith(`${folder}/`);
}

/** With all that lies below them. */
const systemTrees = [
    ..."bin boot dev etc lib lib32 lib64 libx32 proc root run sbin snap sys tmp usr var/run var/lock var/tmp".split(
        " ",
    ),
    ..."var/lib/apt var/lib/cloud var/lib/dbus var/lib/dnf var/lib/dpkg var/lib/rpm var/lib/systemd".split(" "),
    "var/lib/posit-upgrade", // the program's own on every host
].map((folder) => `/${folder}`);
/** What lies below them is data often enough. */
const systemFolders = ["/opt", "/var", "/var/cache", "/var/lib", "/var/log", "/var/spool", "/usr/local"];

/** Whether data mounted there would hide the new system's own files, or a product's programs. */
export function isSystemFolder(path: string): boolean {
    const programs = Object.values(products).flatMap(({ programPaths }) => programPaths);
    return (
        systemFolders.includes(path) ||
        programs.some((folder) => below(path, folder)) ||
        (systemTrees.some((folder) => below(path, folder)) && !path.startsWith("/usr/local/"))
    );
}
