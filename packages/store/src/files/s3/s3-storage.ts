import { RivuletError } from "@rivulet/domain";
import pLimit from "p-limit";
import type { FileStorage } from "../../sql/file-storage.ts";
import { s3Bucket } from "./s3-client.ts";
import { fileOf, type S3Objects, s3Objects } from "./s3-objects.ts";
import { s3Owner } from "./s3-owner.ts";
import type { S3Place } from "./s3-place.ts";
import { s3Uploads } from "./s3-uploads.ts";

/** Digests only: whatever else is in the bucket is somebody else's. */
const ID = /^[0-9a-f]{64}$/;
const REQUESTS_AT_ONCE = 16;

/** Options of {@link createS3Storage}. */
export interface S3StorageOptions {
  /** Whether the place is marked as the store's that writes to it. @default true */
  readonly marks?: boolean;
}

/**
 * Files as objects of a bucket, `PREFIX/ID` each. Ages are told by the bucket's times and this machine's clock, which must
 * not be an hour apart.
 */
export function createS3Storage(
  place: S3Place,
  { marks = true }: S3StorageOptions = {},
): FileStorage {
  const bucket = s3Bucket(place);
  const objects = s3Objects(place, bucket);
  const owner = s3Owner({ place, objects, marks });
  const inTurn = pLimit(REQUESTS_AT_ONCE);

  return {
    async write(id, content) {
      requireId(id);
      await owner.require();
      await objects.write(id, content);
    },
    read: async (id) => (ID.test(id) ? objects.read(id) : undefined),
    readPart: async (part) => (ID.test(part.id) ? objects.readPart(part) : undefined),
    list: (query) => listObjects(objects, place, query),
    async hold(_sql, { ids, olderThanMs = Number.NEGATIVE_INFINITY }) {
      const known = ids.filter((id) => ID.test(id));
      const files = await Promise.all(known.map((id) => inTurn(() => objects.find(id))));
      return files.flatMap((file) =>
        file !== undefined && file.ageMs >= olderThanMs ? [file.id] : [],
      );
    },
    async remove(_sql, ids) {
      await owner.require();
      await Promise.all(ids.map((id) => inTurn(() => objects.remove(id))));
    },
    async own(storeId) {
      owner.own(storeId);
      // Nothing of a store that is still being made is brought to a place that is another's.
      if (!marks) await owner.require();
    },
    ...s3Uploads({
      place,
      bucket,
      owner,
      isOurs: (key) => key.startsWith(place.prefix) && ID.test(key.slice(place.prefix.length)),
      keyOf(id) {
        requireId(id);
        return place.prefix + id;
      },
    }),
  };
}

async function listObjects(
  { ask }: S3Objects,
  { bucket: Bucket, prefix: Prefix }: S3Place,
  { limit, pageToken }: Parameters<FileStorage["list"]>[0],
): ReturnType<FileStorage["list"]> {
  const from = pageToken === undefined ? {} : { Marker: Prefix + pageToken };
  const query = { Bucket, Prefix, MaxKeys: limit, ...from };
  const page = await ask(({ sdk, send }) => send(new sdk.ListObjectsCommand(query)));
  const found = (page?.Contents ?? []).map(({ Key = "", Size, LastModified }) =>
    fileOf(Key.slice(Prefix.length), Size, LastModified),
  );
  const items = found.filter(({ id }) => ID.test(id));
  const last = found.at(-1);
  // What is not ours may fill a page.
  return page?.IsTruncated === true && last !== undefined
    ? { items, nextPageToken: last.id }
    : { items };
}

function requireId(id: string): void {
  if (!ID.test(id)) throw new RivuletError("invalid_argument", `"${id}" is not a file id.`);
}
