// The lab's name server: Knot from a private configuration, in the internet's namespace. It outlives the daemon.
import * as fs from "node:fs";
import * as path from "node:path";
import { cloudFolder, netns } from "../../paths";
import type { CloudContext } from "../service";
import { renderConfiguration } from "./zoneFile";
import type { ZoneFile } from "./zoneFile";

const folder = path.join(cloudFolder, "dns");
const configuration = path.join(folder, "knot.conf");
const socket = path.join(folder, "knot.sock");
const processName = "knot";

async function control(context: CloudContext, ...command: string[]): Promise<string> {
    return context.run(["knotc", "--socket", socket, "--blocking", ...command]);
}

/** True when the file wasn't like that already. */
function write(file: string, text: string): boolean {
    if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) {
        return false;
    }
    fs.writeFileSync(`${file}.part`, text);
    fs.renameSync(`${file}.part`, file);
    return true;
}

/** Writes what has changed and makes the server answer accordingly; when this returns, it does. */
export async function publish(context: CloudContext, zones: ZoneFile[]): Promise<void> {
    fs.mkdirSync(path.join(folder, "database"), { recursive: true });
    const changed = zones.filter(({ file, text }) => write(path.join(folder, file), text));
    const reconfigured = write(configuration, renderConfiguration(folder, zones));
    if (context.findProcess(processName) === undefined) {
        await start(context);
    } else if (reconfigured) {
        await control(context, "reload");
    } else if (changed.length > 0) {
        await control(context, "zone-reload", ...changed.map(({ domain }) => `${domain}.`));
    }
}

async function start(context: CloudContext): Promise<void> {
    fs.rmSync(socket, { force: true });
    await context.startProcess({
        name: processName,
        command: ["knotd", "--config", configuration],
        namespace: netns.internet,
    });
    await context.waitFor("the name server answers", () => answers(context), 10);
}

async function answers(context: CloudContext): Promise<boolean> {
    if (context.findProcess(processName) === undefined) {
        throw new Error(`The name server ended at once; .lab/logs/${processName}.log tells why`);
    }
    // Only once the zones are loaded does their status name a serial.
    return control(context, "zone-status", ".", "+serial").then(
        (text) => /serial: \d+/.test(text),
        () => false,
    );
}

export const stopServer = (context: CloudContext): Promise<void> => context.endProcess(processName);
export const isServing = (context: CloudContext): boolean => context.findProcess(processName) !== undefined;
