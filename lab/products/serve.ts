// Serves the package repository in the lab's internet, as http://repository.test/, over plain HTTP: apt checks signatures,
// pip checks hashes. A process of the lab, ended with it by the ledger.
import * as fs from "node:fs";
import { findProcess, startProcess } from "../cloud/processes";
import { addresses, netns } from "../paths";
import { run } from "../run";
import { repositoryFolder } from "./build";

const name = "repository";

/** Needs the lab's networks; does nothing when it is served already. */
export async function serveRepository(): Promise<void> {
    if (!fs.existsSync(repositoryFolder)) throw new Error("The package repository is not built: run make setup.");
    if (findProcess(name) !== undefined) return;
    await startProcess({
        name,
        command: [
            "/usr/bin/python3",
            "-m",
            "http.server",
            "80",
            "--bind",
            addresses.repository,
            "--directory",
            repositoryFolder,
        ],
        namespace: netns.internet,
    });
    for (let tries = 0; tries < 50; tries++) {
        const asked = ["netns", "exec", netns.internet, "bash", "-c", `: </dev/tcp/${addresses.repository}/80`];
        if ((await run("ip", asked)).code === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The package repository does not answer; .lab/logs/${name}.log tells why.`);
}
