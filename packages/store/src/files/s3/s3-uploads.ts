import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, RivuletError } from "@rivulet/domain";
import type { FileStorage } from "../../sql/file-storage.ts";
import { noUpload } from "../no-upload.ts";
import { type S3Bucket, s3Failure } from "./s3-client.ts";
import type { S3Place } from "./s3-place.ts";

/** What uploads need to know of the bucket. */
export interface S3UploadsOptions {
  readonly place: S3Place;
  readonly bucket: () => Promise<S3Bucket>;
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
      begin: () =>
        onDisk(async () => {
          const folder = await mkdtemp(join(tmpdir(), "rivulet-upload-"));
          uploads.set(folder, { folder, file: await open(join(folder, "content"), "wx+", 0o600) });
          return folder;
        }),
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

/** Aborts what killed processes have begun to send. */
async function abortOld({ place, bucket }: S3UploadsOptions, olderThanMs: number): Promise<number> {
  try {
    const { sdk, send: ask } = await bucket();
    const { bucket: Bucket, prefix: Prefix } = place;
    const { Uploads = [] } = await ask(new sdk.ListMultipartUploadsCommand({ Bucket, Prefix }));
    const before = Date.now() - olderThanMs;
    const old = Uploads.filter(({ Initiated }) => (Initiated?.getTime() ?? before) < before);
    for (const { Key, UploadId } of old) {
      await ask(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    }
    return old.length;
  } catch (error) {
    throw s3Failure(error, place);
  }
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
