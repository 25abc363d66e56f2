import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A server in a process of its own that takes everything. */
export interface Sink extends Disposable {
  readonly url: string;
}

export async function startSink(): Promise<Sink> {
  const child: ChildProcess = fork(fileURLToPath(new URL("sink.ts", import.meta.url)));
  const [port] = (await once(child, "message")) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.dispose](): void {
      child.kill();
    },
  };
}
