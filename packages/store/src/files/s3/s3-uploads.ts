import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MultipartUpload } from "@aws-sdk/client-s3";
import { messageOf, RivuletError } from "@rivulet/domain";
import type { FileStorage } from "../../sql/file-storage.ts";
import { noUpload } from "../no-upload.ts";
import { type S3Bucket, s3Failure } from "./s3-client.ts";
import type { S3Owner } from "./s3-owner.ts";
import type { S3Place } from "./s3-place.ts";

/** What uploads need to know of the bucket. */
export interface S3UploadsOptions {
  readonly place: S3Place;
  readonly bucket: () => Promise<S3Bucket>;
  /** Whose the place is. */
  readonly owner: Pick<S3Owner, "require">;
  /** Whether a key is that of a file of this place. */
  readonly isOurs: (key: string) => boolean;
  /** @throws RivuletError `invalid_argument` for what is no id */
  readonly keyOf: (id: string) => string;
}

interface Upload {
  readonly folder: string;
  readonly file: FileHandle;
}

/** Files of more bytes are sent in parts of so many; S3 takes 10,000 parts of 5 MiB to 5 GiB. */
const PART_BYTES = 16 * 1024 * 1024;
const MOST_PARTS = 10_000;

/**
 * Files that come in parts. An object's key is its content's digest, which is known at the end: until then, the bytes wait
 * in a temporary file of this machine.
 */
export function s3Uploads(
  options: S3UploadsOptions,
): Pick<FileStorage, "uploads" | "removeTemporary"> {
  const uploads = new Map<string, Upload>();
  const find = (name: string): Upload => {
    const upload = uploads.get(name);
    if (upload === undefined) throw noUpload(name);
    return upload;
  };
  const abandon = async (name: string): Promise<void> => {
    const upload = uploads.get(name);
    uploads.delete(name);
    await upload?.file.close();
    if (upload !== undefined) await rm(upload.folder, { recursive: true, force: true });
  };
  return {
    uploads: {
      async begin() {
        // A store that may not write here is told before it has sent a gigabyte.
        await options.owner.require();
        return onDisk(async () => {
          const folder = await mkdtemp(join(tmpdir(), "rivulet-upload-"));
          uploads.set(folder, { folder, file: await open(join(folder, "content"), "wx+", 0o600) });
          return folder;
        });
      },
      append: ({ upload, content }) =>
        onDisk(async () => {
          await find(upload).file.appendFile(content);
        }),
      async finish({ upload, id }) {
        const { file } = find(upload);
        try {
          await send(options, options.keyOf(id), file);
        } catch (error) {
          throw s3Failure(error, options.place);
        } finally {
          await abandon(upload);
        }
      },
      abandon,
    },
    removeTemporary: (olderThanMs) => abortOld(options, olderThanMs),
  };
}

async function send(
  { place: { bucket: Bucket }, bucket }: S3UploadsOptions,
  Key: string,
  file: FileHandle,
): Promise<void> {
  const { sdk, send: ask } = await bucket();
  const { size } = await file.stat();
  const length = Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS));
  if (size <= length) {
    const Body = await readAt(file, 0, size);
    await ask(new sdk.PutObjectCommand({ Bucket, Key, Body }));
    return;
  }
  const { UploadId } = await ask(new sdk.CreateMultipartUploadCommand({ Bucket, Key }));
  const target = { Bucket, Key, UploadId };
  try {
    const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
    for (let at = 0; at < size; at += length) {
      const Body = await readAt(file, at, Math.min(length, size - at));
      const PartNumber = Parts.length + 1;
      const { ETag } = await ask(new sdk.UploadPartCommand({ ...target, PartNumber, Body }));
      Parts.push({ ETag, PartNumber });
    }
    await ask(new sdk.CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } }));
  } catch (error) {
    // If this fails as well, it is aborted later, like the uploads of killed processes.
    await ask(new sdk.AbortMultipartUploadCommand(target)).catch(() => undefined);
    throw error;
  }
}

async function readAt(file: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const content = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(content, at, length - at, from + at);
    if (bytesRead === 0) throw new Error("The temporary file of an upload was cut off.");
    at += bytesRead;
  }
  return content;
}

/**
 * Aborts what killed processes have begun to send, and nothing of others in the same bucket. Several processes may do so
 * at once.
 */
async function abortOld(
  { place, bucket, owner, isOurs }: S3UploadsOptions,
  olderThanMs: number,
): Promise<number> {
  await owner.require();
  try {
    const { sdk, send: ask } = await bucket();
    const before = Date.now() - olderThanMs;
    let aborted = 0;
    for await (const { Key = "", UploadId, Initiated } of uploadsIn(await bucket(), place)) {
      // Without a time, it is not known to be old.
      if (!isOurs(Key) || (Initiated?.getTime() ?? Number.POSITIVE_INFINITY) > before) continue;
      const abort = { Bucket: place.bucket, Key, UploadId };
      await ask(new sdk.AbortMultipartUploadCommand(abort)).catch(unlessGone);
      aborted += 1;
    }
    return aborted;
  } catch (error) {
    throw s3Failure(error, place);
  }
}

/** What is being sent to a place, page by page. */
async function* uploadsIn(
  { sdk, send: ask }: S3Bucket,
  { bucket: Bucket, prefix: Prefix }: S3Place,
): AsyncGenerator<MultipartUpload> {
  let from: { readonly KeyMarker?: string; readonly UploadIdMarker?: string } = {};
  for (;;) {
    const query = new sdk.ListMultipartUploadsCommand({ Bucket, Prefix, ...from });
    const page = await ask(query).catch(unlessUnknown);
    yield* page?.Uploads ?? [];
    if (page?.IsTruncated !== true || page.NextKeyMarker === undefined) return;
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: id } = page;
    from = { KeyMarker, ...(id === undefined ? {} : { UploadIdMarker: id }) };
  }
}

/** Some storages that speak S3 cannot list them; they clean up themselves. */
function unlessUnknown(error: unknown): undefined {
  if (nameOf(error) !== "NotImplemented") throw error;
}

/** Another process has aborted it, or it was finished. */
function unlessGone(error: unknown): void {
  if (nameOf(error) !== "NoSuchUpload") throw error;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RivuletError) throw cause;
    const message = `A file on its way to S3 cannot be written to ${tmpdir()}: ${messageOf(cause)}`;
    throw new RivuletError("store_unavailable", message, { cause });
  }
}
