// What of this checkout's lab stands.
import * as fs from "node:fs";
import * as path from "node:path";
import { callCloud } from "./cloud/client";
import { readHosts } from "./hosts";
import { readLegacyFacts } from "./legacy/facts";
import { labFolder, prefix, reportFolder } from "./paths";
import type { Report } from "./rehearse/report/reportTypes";

export async function status(): Promise<number> {
    console.log(`lab ${prefix} in ${labFolder}${fs.existsSync(labFolder) ? "" : " (nothing there)"}`);
    const answers = await callCloud("GetCallerIdentity", {}).then(
        () => true,
        () => false,
    );
    console.log(`cloud: ${answers ? "answers" : "not running"}`);
    const facts = readLegacyFacts();
    console.log(
        facts === undefined ? "production: not built" : `production: built ${facts.builtAt}, ${facts.size} GiB`,
    );
    for (const [name, access] of Object.entries(readHosts())) console.log(`  ${name.padEnd(20)} ${access.address}`);
    const report = path.join(reportFolder, "report.json");
    if (fs.existsSync(report)) {
        const { verdict, startedAt, checks } = JSON.parse(fs.readFileSync(report, "utf8")) as Report;
        const held = checks.filter((check) => check.passed).length;
        console.log(`last rehearsal: ${verdict}, begun ${startedAt}, ${held} of ${checks.length} checks held`);
    }
    return 0;
}
