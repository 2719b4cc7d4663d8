// What the lab's tests assert again and again: that a call is refused with AWS's code, that something becomes so in time.
import * as assert from "node:assert/strict";

export async function refused(work: Promise<unknown>, code: string, message = /./): Promise<void> {
    await assert.rejects(work, (error: { code?: string; message: string }) => {
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        return true;
    });
}

export async function eventually<T>(work: () => Promise<T>, seconds: number): Promise<T> {
    for (const end = Date.now() + seconds * 1000; ;) {
        try {
            return await work();
        } catch (error) {
            if (Date.now() > end) {
                throw error;
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    }
}
