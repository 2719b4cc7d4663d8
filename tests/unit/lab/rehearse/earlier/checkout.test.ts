// The program of an earlier commit: found by any name that git knows, put beside ours as it was, and its lab asked what it would write.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { checkOut, findCommit } from "../../../../../lab/rehearse/earlier/checkout";
import { commitNames, leaves, loadEarlierLab, secretsAsNow } from "../../../../../lab/rehearse/earlier/lab";
import * as present from "../../../../../lab/rehearse/commits";
import type { Rehearsal } from "../../../../../lab/rehearse/rehearsal";
import type { StackSecrets } from "../../../../../lab/rehearse/values";
import { needs } from "../../../../needs";

const root = path.join(__dirname, "../../../../..");
const some = { commit: "0".repeat(40), subject: "A commit" };

describe("an earlier commit", () => {
    let repository: string;
    let first: string;

    before(() => {
        repository = fs.mkdtempSync(path.join(os.tmpdir(), "earlier-"));
        const git = (...args: string[]) => {
            const who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
            return execFileSync("git", ["-C", repository, ...who, ...args], { encoding: "utf8" }).trim();
        };
        git("init", "--quiet");
        fs.mkdirSync(path.join(repository, "node_modules"));
        fs.writeFileSync(path.join(repository, ".gitignore"), "node_modules/\n");
        fs.writeFileSync(path.join(repository, "package-lock.json"), "{}\n");
        fs.writeFileSync(path.join(repository, "index.ts"), "1\n");
        git("add", "--all");
        git("commit", "--quiet", "--message", "The first one");
        git("tag", "issue");
        first = git("rev-parse", "HEAD");
        fs.writeFileSync(path.join(repository, "index.ts"), "2\n");
        git("commit", "--quiet", "--all", "--message", "Another");
    });

    after(() => fs.rmSync(repository, { recursive: true, force: true }));

    it("is found by each of its names, with what it says of itself", async () => {
        for (const name of ["HEAD~1", "issue", first, first.slice(0, 9)]) {
            assert.deepEqual(await findCommit(name, repository), { commit: first, subject: "The first one" });
        }
    });

    it("that is not there is refused with what to do, and so is what looks like an option", async () => {
        for (const name of ["no-such", "f".repeat(40), "--all", "index.ts"]) {
            await assert.rejects(findCommit(name, repository), /FROM=.*no such commit.*git log.*--unshallow/);
        }
    });

    it("is put beside ours as it was, with our packages where its lock file is ours", async () => {
        const folder = path.join(repository, "node_modules/earlier");
        fs.mkdirSync(folder);
        fs.writeFileSync(path.join(folder, "left-behind"), "");
        await checkOut(await findCommit("HEAD~1", repository), repository, folder);
        assert.equal(fs.readFileSync(path.join(folder, "index.ts"), "utf8"), "1\n");
        assert.equal(fs.realpathSync(path.join(folder, "node_modules")), path.join(repository, "node_modules"));
        assert.ok(!fs.existsSync(path.join(folder, "left-behind")));
    });
});

describe("the program whose installations must go on", () => {
    it("is a commit of this history, which lab/from names and nothing else", async function () {
        const said = fs.readFileSync(path.join(root, "lab/from"), "utf8");
        assert.match(said, /^[0-9a-f]{40}\n$/);
        const git = (...args: string[]) => spawnSync("git", ["-C", root, ...args], { encoding: "utf8" });
        const whole = git("rev-parse", "--is-shallow-repository").stdout.trim() === "false";
        needs(this, whole, "the history of this repository (`git fetch --unshallow`)");
        assert.equal(git("merge-base", "--is-ancestor", said.trim(), "HEAD").status, 0);
    });
});

describe("an earlier lab", () => {
    it("can be asked for each commit: this one keeps what later ones will ask it for", async () => {
        const lab = await loadEarlierLab(some, root);
        for (const name of commitNames) {
            assert.equal(lab.commits[name].title, present[name].title);
            assert.equal(lab.commits[name].proof, "nothing");
        }
        const stacks = { staging: { values: {}, outputs: { installReceipt: "sha256:1" } } };
        const changes = lab.commits.firstRestore.changes({ stacks } as unknown as Rehearsal);
        assert.deepEqual(changes["posit:accepted"], { install: "sha256:1" });
        assert.equal(typeof lab.newSecrets, "function");
    });

    it("that keeps them elsewhere is refused by name", async () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "earlier-"));
        fs.mkdirSync(path.join(folder, "lab/rehearse"), { recursive: true });
        fs.writeFileSync(path.join(folder, "lab/rehearse/commits.ts"), "export const install = {};\n");
        await assert.rejects(loadEarlierLab(some, folder), /has no describeProduction, firstCapture.*earlier\/lab\.ts/);
        fs.rmSync(folder, { recursive: true });
    });

    it("whose products had one password each says them by role", () => {
        const form = { prod: { databasePasswords: { connect: { main: "a" } } } } as unknown as StackSecrets;
        const theirs = { prod: { databasePasswords: { connect: "b" } } };
        assert.deepEqual(secretsAsNow(theirs, form), { prod: { databasePasswords: { connect: { main: "b" } } } });
        assert.deepEqual(secretsAsNow(form, form), form);
    });

    it("whose secrets have another form is refused with both forms, and without a secret", () => {
        const form = { prod: { sshPrivateKey: "a" } } as unknown as StackSecrets;
        const theirs = { prod: { sshPrivateKey: "b" } };
        assert.deepEqual(secretsAsNow(theirs, form), theirs);
        assert.throws(
            () => secretsAsNow({ prod: { ssh: { key: "hidden" } } }, form),
            (error: Error) =>
                /prod\.ssh\.key; now prod\.sshPrivateKey/.test(error.message) && !/hidden/.test(error.message),
        );
        assert.deepEqual(leaves({ b: { c: 1 }, a: "x" }), ["a", "b.c"]);
    });
});
