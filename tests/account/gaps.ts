// What moto does not answer, or carries out where it was asked not to, answered in AWS's own forms in front of it: simulations of policies,
// dry runs, quotas of other services than VPC's, classes that can be ordered, product codes of volumes. All else goes on to moto.
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { zonePrefix } from "./rightAccount";

export interface Gaps {
    /** Actions as IAM has them: "ec2:RunInstances". */
    denied: string[];
    /** Code in Service Quotas → value. */
    quotas: Record<string, number>;
    /** Of PostgreSQL, by class. */
    orderable: Record<string, { versions: string[]; zones: string[] }>;
    /** Volume → product codes of the Marketplace. */
    productCodes: Record<string, string>;
}

/** An account in which nothing is wrong. */
export const noGaps = (): Gaps => ({
    denied: [],
    quotas: {
        "L-1216C47A": 64,
        "L-0263D0A3": 5,
        "L-7A658B76": 50,
        "L-309BACF6": 100_000,
        "L-7B6409FD": 40,
        "L-7ADDB58A": 100_000,
        "L-272F1212": 100,
    },
    orderable: { "db.m6i.large": { versions: ["15.7", "15.8", "16.4"], zones: ["us-east-1a", "us-east-1b"] } },
    productCodes: {},
});

export interface GapServer {
    url: string;
    gaps: Gaps;
    /** IAM's name of every action that was asked. */
    asked: Set<string>;
    stop(): void;
}

interface Answer {
    status?: number;
    type?: string;
    body: string;
}

export async function inFrontOf(moto: string): Promise<GapServer> {
    const front = { gaps: noGaps(), asked: new Set<string>() };
    const server = http.createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
            const body = Buffer.concat(chunks).toString();
            const own = answerOf(request, body, front);
            if (own) {
                response.writeHead(own.status ?? 200, { "content-type": own.type ?? "text/xml" }).end(own.body);
            } else {
                goOn(moto, request, body, response);
            }
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return Object.assign(front, { url: `http://127.0.0.1:${port}`, stop: () => void server.close() });
}

function goOn(
    moto: string,
    { method, url, headers }: http.IncomingMessage,
    body: string,
    to: http.ServerResponse,
): void {
    const { hostname, port } = new URL(moto);
    const path = url?.replace(`/hostedzone/${zonePrefix}`, "/hostedzone/");
    const onward = http.request({ hostname, port, method, path, headers }, (answer) => {
        to.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(to);
    });
    onward.on("error", (error) => to.writeHead(502).end(String(error)));
    onward.end(body);
}

function answerOf(
    request: http.IncomingMessage,
    body: string,
    { gaps, asked }: Pick<GapServer, "gaps" | "asked">,
): Answer | undefined {
    const service = /Credential=[^/]+\/\d+\/[^/]+\/([a-z0-9-]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const target = String(request.headers["x-amz-target"] ?? "").split(".")[1];
    const params = new URLSearchParams(body.startsWith("{") ? "" : body);
    const action = target ?? params.get("Action") ?? restAction(request);
    asked.add(`${service}:${action}`);
    switch (action) {
        case "SimulatePrincipalPolicy":
            return simulation(params, gaps);
        case "GetServiceQuota":
            return quota(body, gaps);
        case "DescribeOrderableDBInstanceOptions":
            return orderable(params, gaps);
        case "DescribeVolumeAttribute":
            return productCodes(params, gaps);
    }
    return params.get("DryRun") === "true" ? dryRun(`${service}:${action}`, gaps) : undefined;
}

/** Route 53 has paths instead of names. */
function restAction({ method, url = "" }: http.IncomingMessage): string {
    return method === "GET" && /\/hostedzone\/[^/]+\/rrset/.test(url)
        ? "ListResourceRecordSets"
        : method === "GET" && /\/hostedzone\/[^/?]+$/.test(url)
          ? "GetHostedZone"
          : `${method} ${url}`;
}

/** EC2's forms of "it would have been done", and of "you may not". */
function dryRun(action: string, { denied }: Gaps): Answer {
    const [code, message, status] = denied.includes(action)
        ? ["UnauthorizedOperation", `You are not authorized to perform this operation (${action}).`, 403]
        : ["DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412];
    return {
        status: Number(status),
        body: `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>x</RequestID></Response>`,
    };
}

function simulation(params: URLSearchParams, { denied }: Gaps): Answer {
    const actions = [...params].filter(([key]) => key.startsWith("ActionNames.member.")).map(([, action]) => action);
    const results = actions.map(
        (action) =>
            `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>*</EvalResourceName><EvalDecision>${denied.includes(action) ? "implicitDeny" : "allowed"}</EvalDecision></member>`,
    );
    return query(
        "SimulatePrincipalPolicy",
        `<IsTruncated>false</IsTruncated><EvaluationResults>${results.join("")}</EvaluationResults>`,
    );
}

/** VPC's own are moto's, unless a test says otherwise. */
function quota(body: string, { quotas }: Gaps): Answer | undefined {
    const { QuotaCode } = JSON.parse(body) as { QuotaCode: string };
    return quotas[QuotaCode] === undefined
        ? undefined
        : {
              type: "application/x-amz-json-1.1",
              body: JSON.stringify({ Quota: { QuotaCode, Value: quotas[QuotaCode] } }),
          };
}

function orderable(params: URLSearchParams, gaps: Gaps): Answer {
    const instanceClass = params.get("DBInstanceClass") ?? "";
    const { versions, zones } = gaps.orderable[instanceClass] ?? { versions: [], zones: [] };
    const places = zones.map((zone) => `<AvailabilityZone><Name>${zone}</Name></AvailabilityZone>`).join("");
    const options = versions.map(
        (version) =>
            `<OrderableDBInstanceOption><Engine>postgres</Engine><EngineVersion>${version}</EngineVersion><DBInstanceClass>${instanceClass}</DBInstanceClass><StorageType>gp3</StorageType><SupportsStorageEncryption>true</SupportsStorageEncryption><AvailabilityZones>${places}</AvailabilityZones></OrderableDBInstanceOption>`,
    );
    return query(
        "DescribeOrderableDBInstanceOptions",
        `<OrderableDBInstanceOptions>${options.join("")}</OrderableDBInstanceOptions>`,
    );
}

function productCodes(params: URLSearchParams, gaps: Gaps): Answer {
    const id = params.get("VolumeId") ?? "";
    const code = gaps.productCodes[id];
    const item = code === undefined ? "" : `<item><productCode>${code}</productCode><type>marketplace</type></item>`;
    return {
        body: `<DescribeVolumeAttributeResponse><volumeId>${id}</volumeId><productCodes>${item}</productCodes></DescribeVolumeAttributeResponse>`,
    };
}

function query(action: string, result: string): Answer {
    return { body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>` };
}
