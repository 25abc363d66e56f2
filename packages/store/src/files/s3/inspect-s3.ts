import { randomBytes } from "node:crypto";
import { RivuletError } from "@rivulet/domain";
import { s3Bucket } from "./s3-client.ts";
import { s3Objects } from "./s3-objects.ts";
import { MARK } from "./s3-owner.ts";
import { placeText, readS3Place } from "./s3-place.ts";

/** What was found of a place for files. */
export interface ArtifactsReport {
  /** The place, as messages name it. */
  readonly place: string;
  /** Id of the store whose files are in it; `json` for those of projects. @default nobody has written to it yet */
  readonly owner?: string;
  /** Milliseconds that it took to write, read and delete a small object. */
  readonly latencyMs: number;
}

/**
 * Tries what a store needs of a place such as `s3://bucket/prefix`: lists it, writes a small object, reads that and
 * deletes it again.
 *
 * @throws RivuletError `invalid_argument` for what is no place; `store_unavailable`, `permission_denied`; `unsupported`
 * without the library for it. The message begins with what could not be done.
 */
export async function inspectArtifacts(artifacts: string): Promise<ArtifactsReport> {
  const place = readS3Place(artifacts);
  const { ask, readKey, writeKey, remove } = s3Objects(place, s3Bucket(place));
  const { bucket: Bucket, prefix: Prefix } = place;
  const probe = `.rivulet-probe-${randomBytes(6).toString("hex")}`;

  await trying("listed", () =>
    ask(({ sdk, send }) => send(new sdk.ListObjectsCommand({ Bucket, Prefix, MaxKeys: 1 }))),
  );
  const began = performance.now();
  await trying("written", () => writeKey(probe, probe));
  try {
    const found = await trying("read", () => readKey(probe));
    if (found !== probe) {
      const message = `What was written to ${placeText(place)} is not what it answers.`;
      throw new RivuletError("store_unavailable", message, { details: { place: artifacts } });
    }
  } finally {
    await trying("deleted", () => remove(probe));
  }
  const latencyMs = performance.now() - began;
  const owner = await readKey(MARK);
  return { place: placeText(place), latencyMs, ...(owner === undefined ? {} : { owner }) };
}

/** Says what it was that could not be done. */
async function trying<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof RivuletError)) throw cause;
    const { code, details } = cause;
    const message = `Objects cannot be ${what}. ${cause.message}`;
    throw new RivuletError(code, message, { cause, details });
  }
}
