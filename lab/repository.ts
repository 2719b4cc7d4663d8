// The lab's package repository, as everything outside lab/products sees it.
import { signingKey } from "./products/build";

export { buildRepository } from "./products/build";
export { serveRepository } from "./products/serve";

/** The same for both operating systems: apt takes the flat form ("URL ./") and the one by codename ("URL trixie main"). */
export function packageRepository(codename: string): { url: string; signingKey: string; codename: string } {
    return { url: "http://repository.test/apt", signingKey: signingKey(), codename };
}
