// The policy of `make account` allows what the command asks, and no more: account/asked.ts lists that, and is held against the command by
// tests/unit/account/asked.test.ts and tests/account.
import assert from "node:assert/strict";
import { asked } from "../../../account/asked";
import { accountActions } from "../../../deploy/iam/account";
import { policiesFor } from "../../../deploy/iam/policies";
import { example } from "./values";

describe("the policy of make account", () => {
    // A dry run asks for the permission of the call itself: that is the role's whose step it is.
    const reads = asked.filter(({ dryRun }) => !dryRun).map(({ service, action }) => `${service}:${action}`);

    it("has every action that is asked, but dry runs, and no other", () => {
        assert.deepEqual([...accountActions].sort(), [...reads].sort());
        const { Statement } = policiesFor(example).account;
        assert.deepEqual([...new Set(Statement.flatMap(({ Action }) => Action))].sort(), [...reads].sort());
    });
});
