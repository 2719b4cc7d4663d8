// A small report as a rehearsal would write it.
import type { Report } from "../../../../../lab/rehearse/report/reportTypes";

const start = Date.parse("2026-11-21T10:00:00Z");
const at = (second: number): string => new Date(start + second * 1000).toISOString();

export function sampleReport(): Report {
    return {
        verdict: "passed",
        startedAt: at(0),
        seconds: 420,
        size: 0.5,
        sources: "plain",
        steps: [
            {
                name: "inventory",
                title: "Describe production",
                stack: "prod",
                commit: ['posit:role: "production"'],
                startedAt: at(60),
                seconds: 11.5,
                noChanges: true,
                previewSeconds: 4.2,
                refreshSeconds: 5,
                secondUpSeconds: 5.5,
            },
            {
                name: "install",
                title: "1. Install the new environment",
                stack: "staging",
                commit: ['posit:phase: "install"', 'posit:names: {"connect":"connect.example.com"}'],
                startedAt: at(90),
                seconds: 75,
                noChanges: true,
            },
            {
                name: "serve",
                title: "6. Serve from the new environment",
                stack: "prod",
                commit: ['posit:serve: {"stack":"staging"}'],
                startedAt: at(330),
                seconds: 12.1,
            },
        ],
        takeOver: {
            commit: "72a8f1ff94a5123587ec906922b55618a032e224",
            subject: "What <was> before",
            stacks: [
                {
                    stack: "prod",
                    changes: [
                        {
                            urn: "urn:pulumi:prod::posit::aws:ebs/volume:Volume::v",
                            what: "update",
                            properties: ["tags"],
                        },
                    ],
                    places: ["posit:operatingSystem.codename"],
                    refused: "posit:operatingSystem.codename is not known",
                },
            ],
            acceptedAgain: ["migrate"],
        },
        closedSeconds: { "2026-11-21a": { packageManager: 1.2, workbench: 3.4, connect: 1.9 } },
        windowPhases: {
            "2026-11-21a": { connect: { stop: 0.2, proveQuiet: 0.3, request: 1.1, start: 0.3 } },
        },
        cutoverSeconds: 61.5,
        cutoverPerProduct: { packageManager: 60.2, workbench: 61.1, connect: 61.5 },
        cutoverParts: [{ name: "5. Restore the final capture", seconds: 40.1 }],
        baselineSeconds: {
            plain: { packageManager: 20, workbench: 21, connect: 12 },
            careful: { packageManager: 6, workbench: 7, connect: 5 },
        },
        checks: [
            { name: "Connect: the same users", passed: true, before: ["alice", "bob"], after: ["alice", "bob"] },
            { name: "The quarantined copy sent no mail", passed: true, before: 0, after: 0 },
        ],
        plugins: {
            aws: { kind: "lab", version: "0.1.0" },
            command: { kind: "real", version: "1.2.1" },
        },
        peakMemoryBytes: 2.5 * 2 ** 30,
        outages: [
            { product: "workbench", from: start + 200_000, to: start + 203_400, reason: "503" },
            { product: "connect", from: start + 280_000, to: start + 341_500, reason: "ECONNREFUSED" },
        ],
        timeline: [{ at: at(60), who: "operator", what: "Describe production: pulumi up" }],
        dnsSwitch: [{ product: "connect", at: at(341), from: "10.10.1.12", to: "10.20.1.12" }],
        inventory: { connect: { version: "2024.06.0" } },
        receipts: { install: { digest: "sha256:00" } },
        machine: { cores: 2, memoryBytes: 8 * 2 ** 30, kernel: "6.1.0", node: "v20.20.2" },
        standIns: { "Pulumi engine": "real", "Posit's packages": "small stand-ins of the same names" },
    };
}
