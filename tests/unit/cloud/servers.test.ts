// What the program asks of a database server by its name, and what it makes of an answer. The provider is played: the words are RDS's and
// terraform-provider-aws's.
import assert from "node:assert/strict";
import { serverIfThere, ServerQuestions, serverStatus } from "../../../cloud/servers";

const fails = (message: string) => (() => Promise.reject(new Error(message))) as ServerQuestions["server"];

describe("a database server by its name", () => {
    it("is not there where RDS or the provider says so", async () => {
        for (const words of [
            "api error DBInstanceNotFound: DBInstance x not found.",
            "no matching RDS DB Instance found",
        ]) {
            assert.equal(await serverIfThere("x", fails(words)), undefined);
        }
    });

    it("is not known where it can't be asked for", async () => {
        for (const words of ["AccessDenied: not authorized to perform: rds:DescribeDBInstances", "host not found"]) {
            await assert.rejects(serverIfThere("x", fails(words)), new RegExp(words.slice(0, 8)));
        }
    });

    it("tells its state by Cloud Control, whose answer is text", async () => {
        const asked: unknown[] = [];
        const answer = (properties: object) =>
            ((args: unknown) => {
                asked.push(args);
                return Promise.resolve({ properties: JSON.stringify(properties) });
            }) as unknown as ServerQuestions["resource"];
        assert.equal(await serverStatus("x", answer({ DBInstanceStatus: "creating" })), "creating");
        assert.equal(await serverStatus("x", answer({})), undefined);
        assert.deepEqual(asked[0], { typeName: "AWS::RDS::DBInstance", identifier: "x" });
    });
});
