// The authority that signs the database servers' certificates, as RDS has one: made once per lab.
import * as fs from "node:fs";
import * as path from "node:path";
import { cloudFolder } from "../../paths";
import { run } from "../run";

const folder = path.join(cloudFolder, "rds");
const certificateFile = path.join(folder, "ca.pem");
const keyFile = path.join(folder, "ca.key");
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** PEM; what a client of any database of this lab verifies with. */
export function caCertificate(): string {
    return fs.readFileSync(certificateFile, "utf8");
}

export async function ensureCa(): Promise<void> {
    if (fs.existsSync(certificateFile)) {
        return;
    }
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const part = `${certificateFile}.part`;
    await run([
        ...["openssl", "req", "-x509", ...newKey, "-keyout", keyFile, "-out", part],
        ...["-days", "3650", "-subj", "/O=Rehearsal/CN=Rehearsal RDS us-east-1 Root CA"],
        ...["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
    ]);
    fs.chmodSync(keyFile, 0o600);
    fs.renameSync(part, certificateFile);
}

/** Writes server.pem and server.key for a server of that name into a folder. */
export async function issueCertificate(into: string, identifier: string, address: string): Promise<void> {
    const certificate = path.join(into, "server.pem");
    await run([
        ...["openssl", "req", "-x509", "-CA", certificateFile, "-CAkey", keyFile, ...newKey],
        ...["-keyout", path.join(into, "server.key"), "-out", `${certificate}.part`],
        ...["-days", "3650", "-subj", `/O=Rehearsal/CN=${identifier}`],
        ...["-addext", "basicConstraints=critical,CA:FALSE", "-addext", `subjectAltName=DNS:${address}`],
        ...["-addext", "extendedKeyUsage=serverAuth"],
    ]);
    fs.renameSync(`${certificate}.part`, certificate);
}
