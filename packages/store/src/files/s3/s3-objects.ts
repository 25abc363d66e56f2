import { hash } from "node:crypto";
import type { FilePart, StoredFile } from "../../port/files.ts";
import { isNoObject, type S3Bucket, s3Failure } from "./s3-client.ts";
import type { S3Place } from "./s3-place.ts";

/** Objects of a bucket, by the ids of files. */
export interface S3Objects {
  /** Sends a request; `undefined` when it is for an object that does not exist. @throws RivuletError */
  readonly ask: <T>(request: (bucket: S3Bucket) => Promise<T>) => Promise<T | undefined>;
  readonly find: (id: string) => Promise<StoredFile | undefined>;
  readonly read: (id: string) => Promise<Uint8Array | undefined>;
  readonly readPart: (part: FilePart) => Promise<Uint8Array | undefined>;
  readonly write: (id: string, content: Uint8Array) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  /** The text of an object that is no file; `undefined` when it is not there. */
  readonly readKey: (name: string) => Promise<string | undefined>;
  /** Makes an object that is no file, unless it is there already. */
  readonly writeKey: (name: string, text: string) => Promise<void>;
}

/** The id of the file without a byte. */
const EMPTY = hash("sha256", "");

/** The objects of a place. */
export function s3Objects(place: S3Place, bucket: () => Promise<S3Bucket>): S3Objects {
  const { bucket: Bucket, prefix } = place;
  const target = (id: string) => ({ Bucket, Key: prefix + id });
  const ask: S3Objects["ask"] = async (request) => {
    try {
      return await request(await bucket());
    } catch (error) {
      if (isNoObject(error)) return undefined;
      throw s3Failure(error, place);
    }
  };
  const readWhole: S3Objects["read"] = (id) =>
    ask(async ({ sdk, send }) => {
      const { Body } = await send(new sdk.GetObjectCommand(target(id)));
      return Body?.transformToByteArray();
    });
  const find: S3Objects["find"] = (id) =>
    ask(async ({ sdk, send }) => {
      const found = await send(new sdk.HeadObjectCommand(target(id)));
      return fileOf(id, found.ContentLength, found.LastModified);
    });
  return {
    ask,
    find,
    read: readWhole,
    async readPart({ id, from, length }) {
      // Of an empty object, no range can be asked for.
      if (length === 0 || id === EMPTY) return (await find(id)) && new Uint8Array(0);
      const range = { ...target(id), Range: `bytes=${from}-${from + length - 1}` };
      return ask((connected) => readRange(connected, range));
    },
    async write(id, Body) {
      await ask(({ sdk, send }) => send(new sdk.PutObjectCommand({ ...target(id), Body })));
    },
    async remove(id) {
      await ask(({ sdk, send }) => send(new sdk.DeleteObjectCommand(target(id))));
    },
    async readKey(name) {
      const content = await readWhole(name);
      return content && Buffer.from(content).toString();
    },
    async writeKey(name, text) {
      const object = { ...target(name), Body: text, IfNoneMatch: "*" };
      await ask(({ sdk, send }) => unlessThere(send(new sdk.PutObjectCommand(object))));
    },
  };
}

/** A file as its object is described. */
export function fileOf(id: string, size = 0, written: Date | undefined): StoredFile {
  return { id, size, ageMs: Date.now() - (written?.getTime() ?? Date.now()) };
}

async function unlessThere(writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name !== "PreconditionFailed" && name !== "ConditionalRequestConflict") throw error;
  }
}

interface Range {
  readonly Bucket: string;
  readonly Key: string;
  readonly Range: string;
}

/** Nothing behind the end. */
async function readRange({ sdk, send }: S3Bucket, range: Range): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await send(new sdk.GetObjectCommand(range));
    return await Body?.transformToByteArray();
  } catch (error) {
    if (error instanceof Error && error.name === "InvalidRange") return new Uint8Array(0);
    throw error;
  }
}
