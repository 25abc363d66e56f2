import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { dirname } from "node:path";

const PORT_IN_DOCUMENT = "3000";
const LONGEST_START_MS = 60_000;

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
}

/** A program of the document, for another port. */
export function atPort(code: string, port: number): string {
  return code.replaceAll(PORT_IN_DOCUMENT, String(port));
}

/** What a shell line of the document runs in. */
export interface Place {
  readonly folder: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A line of the document, running. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
}

/** Starts a line of the document, in a process group of its own. */
export function startLine(line: string, { folder, port, env }: Place): Running {
  const child = spawn("/bin/sh", ["-c", `exec ${line}`], {
    cwd: folder,
    detached: true,
    env: {
      // The Node that runs the tests is also the one that runs the line.
      PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
      HOME: process.env["HOME"] ?? folder,
      PORT: String(port),
      NEXT_TELEMETRY_DISABLED: "1",
      ...env,
    },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  return { child, output: () => printed };
}

/** Runs a line of the document to its end. */
export async function runLine(line: string, place: Place): Promise<void> {
  const { child, output } = startLine(line, place);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`"${line}" ended with ${code}:\n${output()}`);
}

/** Waits until a server answers its health check. */
export async function untilHealthy(origin: string, { child, output }: Running): Promise<void> {
  const signal = AbortSignal.timeout(LONGEST_START_MS);
  for (;;) {
    const answer = await fetch(`${origin}/mlops/health`).catch(() => undefined);
    if (answer !== undefined) {
      if (answer.ok) return;
      throw new Error(`The health check is ${answer.status}: ${await answer.text()}\n${output()}`);
    }
    if (signal.aborted || child.exitCode !== null) {
      throw new Error(`The server does not answer:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Ends a line with all that it has started. */
export async function stopLine({ child }: Running): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const closed = once(child, "close");
  process.kill(-child.pid, "SIGTERM");
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), 5_000);
  await closed;
  clearTimeout(timer);
}
