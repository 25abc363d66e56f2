import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { atMost, type Figure } from "../figure.ts";

const CHILD = fileURLToPath(new URL("keep-large-artifact.ts", import.meta.url));
const BYTES = 1_000_000_000;

interface Kept {
  readonly aboveIdle: number;
  readonly put: number;
  readonly get: number;
}

/** Memory that storing and reading an artifact of 1 GB takes, in a process of its own. */
export async function largeArtifact(): Promise<Figure> {
  const child = fork(CHILD, [String(BYTES)]);
  const [{ aboveIdle, put, get }] = (await once(child, "message")) as [Kept];
  return atMost(100, "store: memory above idle while 1 GB is stored and read", {
    value: aboveIdle,
    unit: "MiB",
    detail: `stored in ${(put / 1000).toFixed(1)} s, read in ${(get / 1000).toFixed(1)} s`,
  });
}
