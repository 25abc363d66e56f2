import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";

/** A storage that speaks S3, on this machine. */
export interface S3Server {
  /** A place of its own: what the option `artifacts` is. */
  readonly place: (bucket?: string) => string;
  /** Where requests go. */
  readonly endpoint: string;
  /** Is given each request first. @returns whether it has been answered */
  intercept(answer: Intercept | undefined): void;
  /** Ends it, and what is under way, as if somebody had pulled the plug. */
  kill(): void;
  close(): Promise<void>;
}

export type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The bucket that is there. */
const BUCKET = "artifacts";

/** Starts a server with an empty bucket. Its credentials are put into the environment. */
export async function startS3(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), "rivulet-s3-"));
  const server = new S3rver({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory,
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port: behind } = await server.run();
  let intercept: Intercept | undefined;
  // It does not know every request, nor how to fail.
  const front = createServer((incoming, response) => {
    if (intercept?.(incoming, response) === true) return;
    const { method, url, headers } = incoming;
    const outgoing = request({ port: behind, host: "127.0.0.1", method, path: url, headers });
    outgoing.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  const { port } = front.address() as AddressInfo;
  const kill = (): void => {
    front.closeAllConnections();
    front.close();
  };
  process.env["AWS_ACCESS_KEY_ID"] = "S3RVER";
  process.env["AWS_SECRET_ACCESS_KEY"] = "S3RVER";
  const endpoint = `http://127.0.0.1:${port}`;
  let places = 0;
  return {
    place(bucket = BUCKET) {
      places += 1;
      return `s3://${bucket}/team/${places}?endpoint=${endpoint}`;
    },
    endpoint,
    intercept(answer) {
      intercept = answer;
    },
    kill,
    async close() {
      kill();
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
