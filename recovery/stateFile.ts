// The state of a stack in a folder of one's own (a file:// backend), after an engine that was killed while it wrote there. The state itself is
// put in place in one go, but not the small file of attributes that stands beside it: it may be left empty, and then nothing reads the
// state any more ("failed to load checkpoint: EOF"), though it is whole and those attributes are not needed.
// Source: gocloud.dev/blob/fileblob v0.46.0, attrs.go (setAttrs writes in place, getAttrs does without the file), which
// github.com/pulumi/pulumi/pkg/v3 v3.248.0, backend/diy, uses for file:// and no other backend.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

const attributes = ".attrs";

/** Takes half-written attributes of this stack away; answers which. `url` is the backend's. Nothing happens where it is no folder. */
export function mendStateFolder(url: string, stack: string): string[] {
    const folder = folderOf(url);
    const stacks = folder && path.join(folder, ".pulumi", "stacks");
    if (!stacks || !fs.existsSync(stacks)) {
        return [];
    }
    const name = stack.split("/").pop() ?? stack;
    const broken = fs
        .readdirSync(stacks, { recursive: true, encoding: "utf8" })
        .filter((file) => path.basename(file).startsWith(`${name}.json`) && file.endsWith(attributes))
        .map((file) => path.join(stacks, file))
        .filter((file) => !isJson(file));
    broken.forEach((file) => fs.rmSync(file));
    return broken;
}

/** As the engine reads it: "~" is the home, what stands after "?" are options. */
function folderOf(url: string): string | undefined {
    if (!url.startsWith("file://")) {
        return undefined;
    }
    const [place] = url.slice("file://".length).split("?");
    if (place.startsWith("~")) {
        return path.join(os.homedir(), place.slice(1));
    }
    return place.startsWith("/") ? fileURLToPath(`file://${place}`) : path.resolve(place);
}

function isJson(file: string): boolean {
    try {
        JSON.parse(fs.readFileSync(file, "utf8"));
        return true;
    } catch {
        return false;
    }
}
