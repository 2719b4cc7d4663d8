// The stand-in Workbench: sessions that outlive the server, suspending, the offline marker. Sign-in needs root and PAM and
// is proven on the lab's hosts; here the launcher is asked directly, for a session of whoever runs the tests.
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { install, type Installation, pause } from "./program";

describe("stand-in Workbench", function () {
    this.timeout(30_000);
    let workbench: Installation;

    const admin = (...args: string[]): Promise<string> => workbench.command("old", "rstudio-server", args);
    const active = async (): Promise<string> =>
        (await admin("active-sessions"))
            .split("\n")
            .slice(1)
            .map((line) => line.trim().split(/\s+/).slice(2, 4).join(" "))
            .sort()
            .join(", ");
    const until = async (expected: string): Promise<void> => {
        for (const end = Date.now() + 4000; Date.now() < end && (await active()) !== expected;) await pause(50);
        assert.equal(await active(), expected);
    };

    /** What ps and pgrep call the sessions, by name as by command line. */
    const running = (): string[] =>
        fs
            .readdirSync("/proc")
            .filter((pid) => /^\d+$/.test(pid))
            .flatMap((pid) => {
                try {
                    const [program = ""] = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
                    const name = fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim();
                    return program.startsWith(workbench.root) && path.basename(program) === name ? [name] : [];
                } catch {
                    return []; // it has ended meanwhile
                }
            })
            .sort();

    function session(kind: string, busy: boolean): Promise<number> {
        const socketPath = path.join(workbench.root, "run/rstudio-launcher/launcher.sock");
        const body = JSON.stringify({ user: os.userInfo().username, kind, busy });
        const length = { "content-length": Buffer.byteLength(body) };
        return new Promise((resolve, reject) => {
            const options = { socketPath, path: "/sessions", method: "POST", headers: length };
            const request = http.request(options, (response) => {
                response.resume().on("end", () => resolve(response.statusCode ?? 0));
            });
            request.on("error", reject).end(body);
        });
    }

    before(async () => {
        workbench = await install("workbench");
        workbench.write(
            "etc/rstudio/rserver.conf",
            `www-port=${workbench.port}\nwww-address=127.0.0.1\nserver-health-check-enabled=1\n`,
        );
        await workbench.start("rstudio-launcher", "old", "");
        const socket = path.join(workbench.root, "run/rstudio-launcher/launcher.sock");
        for (const end = Date.now() + 5000; Date.now() < end && !fs.existsSync(socket);) await pause(20);
        await workbench.start("rserver", "old", "/health-check");
    });
    after(async () => {
        await admin("kill-all");
        await workbench.remove();
    });

    it("suspends only idle R sessions when asked, busy ones by force, and kills the rest", async () => {
        assert.equal(await session("rsession", false), 200);
        assert.equal(await session("rsession", true), 200);
        assert.equal(await session("jupyter", false), 200);
        await until("jupyter idle, rsession busy, rsession idle");
        assert.deepEqual(running(), ["jupyter-lab", "rsession", "rsession"]);
        await admin("suspend-all");
        await until("jupyter idle, rsession busy");
        await admin("force-suspend-all");
        await until("jupyter idle");
        await admin("kill-all");
        await until("");
    });

    it("answers 503 as long as the offline marker is there", async () => {
        await admin("offline");
        assert.equal((await workbench.get("/health-check")).status, 503);
        assert.ok(fs.existsSync(path.join(workbench.root, "var/lib/rstudio-server/offline")));
        await admin("online");
        assert.equal((await workbench.get("/health-check")).status, 200);
    });

    it("lets nobody in without a sign-in", async () => {
        assert.equal((await workbench.get("/api/me")).status, 401);
        const forged = Buffer.from(`root|9999999999|${"0".repeat(64)}`).toString("base64");
        assert.equal((await workbench.get("/api/me", { headers: { cookie: `user-id=${forged}` } })).status, 401);
    });

    it("encrypts the database password with the secure cookie key, and refuses another", async () => {
        await workbench.stop();
        const password = await admin("encrypt-password");
        const settings = `provider=postgresql\nhost=127.0.0.1\nport=1\npassword=${password}\n`;
        workbench.write("etc/rstudio/database.conf", settings);
        await assert.rejects(workbench.start("rserver", "new", "/health-check"), /database can't be reached|psycopg2/);
        workbench.write("etc/rstudio/secure-cookie-key", `${"3".repeat(64)}\n`);
        await assert.rejects(workbench.start("rserver", "new", "/health-check"), /can't be decrypted/);
    });
});
