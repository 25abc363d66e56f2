import { createRivulet } from "@rivulet/core";

// Ends amid four traces: one went well, one failed, two have not ended, of which one was flushed.
const [store = "", end] = process.argv.slice(2);
const rivulet = createRivulet({ store, tracing: { tailSampling: { waitMs: 60_000 } } });
const flushed = rivulet.startSpan("flushed");
rivulet.withSpan("step", () => undefined, { parent: flushed });
await rivulet.flush();
rivulet.withSpan("well", () => undefined, { parent: null });
rivulet.startSpan("failed", { parent: null }).end({ error: new Error("no") });
const open = rivulet.startSpan("open", { parent: null });
rivulet.withSpan("step of open", () => undefined, { parent: open });
await new Promise(setImmediate);
if (end === "exit") process.exit(0);
process.kill(process.pid, "SIGKILL");
