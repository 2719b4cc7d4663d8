// All that a rehearsal needs, fetched and built once: what is there already is used. Says aloud what it does.
import { buildImages } from "./cloud/lifecycle";
import { requireMachine } from "./machine";
import { say, step } from "./progress";
import { buildRepository } from "./products/build";
import { installSystemPackages } from "./systemPackages";
import { bundlePrograms } from "./toolchain/bundle";
import { findEngine } from "./toolchain/ladder";
import { fetchPlugins } from "./toolchain/plugins";

export async function setup(): Promise<void> {
    requireMachine();
    await installSystemPackages();
    await step("The lab's own programs", () => bundlePrograms());
    // The engine needs the processor and the images the network: side by side.
    await Promise.all([
        step("Pulumi engine and providers", async () => fetchPlugins(await findEngine())),
        step("Host images", (progress) => buildImages(progress)),
        step("Stand-in products and their repository", () => buildRepository()),
    ]);
    say("Everything is there.");
}
