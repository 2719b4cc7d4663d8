// How a stand-in's daemon hears that it shall stop. A kernel may hand the signal to any of its threads, which is why it once did not.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as path from "node:path";

const library = path.resolve(__dirname, "../../../../lab/products/common");

const program = `
import signal, sys, threading
sys.path.insert(0, sys.argv[1])
from posit_common import program
wait_for_signal = program.catch_signals()
started = threading.Event()
def another_thread():
    started.wait()
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
    threading.Event().wait()
threading.Thread(target=another_thread, daemon=True).start()
threading.Timer(float(sys.argv[2]), started.set).start()
if float(sys.argv[3]): threading.Event().wait(float(sys.argv[3]))
wait_for_signal()
print("heard")
`;

describe("a stand-in's daemon", () => {
    for (const [when, signalAt, waitsAt] of [
        ["while it waits", 0.3, 0],
        ["before it waits", 0.1, 0.4],
    ] as const) {
        it(`hears a signal that another thread got, ${when}`, () => {
            const args = ["-c", program, library, String(signalAt), String(waitsAt)];
            const said = execFileSync("/usr/bin/python3", args, {
                encoding: "utf8",
                timeout: 5000,
                killSignal: "SIGKILL",
            });
            assert.equal(said.trim(), "heard");
        });
    }
});
