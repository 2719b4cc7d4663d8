// A certificate that signs itself, for servers of tests that speak TLS.
import { execFileSync } from "node:child_process";

export function selfSigned(name: string, key: string, certificate: string): void {
    const made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" ");
    execFileSync(
        "openssl",
        [...made, "-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`, "-keyout", key, "-out", certificate],
        { stdio: "ignore" },
    );
}
