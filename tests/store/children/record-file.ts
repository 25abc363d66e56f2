// Records a span with a file of 100,000 bytes, and ends as it is told: closes, exits at once, or is killed when the
// file is in the spool.
import { hash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@rivulet/core";
import { aSpan, hexId } from "@rivulet/core/testing";

const [url = "", spool = "", number = "1", end = "close"] = process.argv.slice(2);
const store = await openStore(url, { spool });
const content = Buffer.alloc(100_000, "file");
const digest = hash("sha256", content);
const facts = { hash: digest, size: content.byteLength, mediaType: "image/png" };
const folder = join(spool, store.owner, "attachments");

store.journal.appendAttachment({ hash: digest, content });
store.journal.appendSpan({ ...aSpan({ traceId: hexId(Number(number)) }), attachments: [facts] });
if (end === "exit") process.exit(0);
if (end === "kill") {
  for (;;) {
    if ((await namesIn(folder)).includes(digest)) process.kill(process.pid, "SIGKILL");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
await store.close();

function namesIn(path: string): Promise<readonly string[]> {
  return readdir(path).catch((): readonly string[] => []);
}
