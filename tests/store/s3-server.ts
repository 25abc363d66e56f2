import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";

/** A storage that speaks S3, on this machine. */
export interface S3Server {
  /** What the option `artifacts` is, for a bucket. */
  readonly place: (bucket?: string) => string;
  close(): Promise<void>;
}

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
  const { port } = await server.run();
  process.env["AWS_ACCESS_KEY_ID"] = "S3RVER";
  process.env["AWS_SECRET_ACCESS_KEY"] = "S3RVER";
  return {
    place: (bucket = BUCKET) => `s3://${bucket}/team/a?endpoint=http://127.0.0.1:${port}`,
    async close() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
