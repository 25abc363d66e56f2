// Stores a large artifact in a store of its own and reads it back, both as streams. Prints how far the process's memory
// rose above what it was before, in MiB, and how long each took, in ms.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet } from "@rivulet/core";

const [bytes = 1_000_000_000] = process.argv.slice(2).map(Number);
const PART = 1024 * 1024;
const MIB = 1024 * 1024;

async function* content(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += PART) {
    yield new Uint8Array(Math.min(PART, size - at)).fill(at / PART);
  }
}

let peak = 0;
const look = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 5);

const folder = await mkdtemp(join(tmpdir(), "rivulet-bench-"));
const rivulet = createRivulet({ store: `sqlite:${join(folder, "large.db")}` });
const run = await rivulet.runs.start();
// What a stream needs in any case is there before the idle memory is taken.
await run.logArtifact("warm.bin", content(32 * PART));
const idle = process.memoryUsage.rss();
peak = idle;

const begun = performance.now();
await run.logArtifact("large.bin", content(bytes));
const stored = performance.now();
const key = { runId: run.id, path: "large.bin" };
const artifact = await rivulet.artifacts.stream(key);
let read = 0;
for await (const part of artifact.content) read += part.byteLength;
const done = performance.now();
clearInterval(look);
await rivulet.close();
await rm(folder, { recursive: true });
if (read !== bytes) throw new Error(`Of ${bytes} bytes, ${read} came back.`);
const figures = { aboveIdle: (peak - idle) / MIB, put: stored - begun, get: done - stored };
process.send?.(figures);
if (process.send === undefined) process.stdout.write(`${JSON.stringify(figures)}\n`);
