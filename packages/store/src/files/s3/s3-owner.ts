import { RivuletError } from "@rivulet/domain";
import type { S3Objects } from "./s3-objects.ts";
import { placeText, type S3Place } from "./s3-place.ts";

/** Whose files are in a place: two stores in one would each remove what they do not know. */
export interface S3Owner {
  /** Says which store it is that wants to write. */
  own(storeId: string): void;
  /**
   * Resolves when the place is known to be that store's: since it was marked, or because nobody had marked it before.
   *
   * @throws RivuletError `conflict` when it is another's
   */
  require(): Promise<void>;
}

/** Options of {@link s3Owner}. */
export interface S3OwnerOptions {
  readonly place: S3Place;
  readonly objects: Pick<S3Objects, "readKey" | "writeKey">;
  /** `false` only looks whether it is another's: for a store that is still being made. @default true */
  readonly marks?: boolean;
}

/** Name of the mark in a place: no file has such an id. */
export const MARK = ".rivulet-store";

/** Looks after the mark of a place, which holds the id of its store. */
export function s3Owner({ place, objects, marks = true }: S3OwnerOptions): S3Owner {
  let known = Promise.withResolvers<string>();
  let current: string | undefined;
  let checked: Promise<void> | undefined;

  const check = async (): Promise<void> => {
    const storeId = await known.promise;
    let owner = await objects.readKey(MARK);
    if (owner === undefined && marks) {
      await objects.writeKey(MARK, storeId);
      // Where two stores come at once, it is the one whose mark is there in the end.
      owner = await objects.readKey(MARK);
    }
    if (owner !== undefined && owner !== storeId) throw isOthers(place, owner);
  };
  return {
    own(storeId) {
      // A database that was deleted or replaced is another store.
      if (current !== undefined && current !== storeId) known = Promise.withResolvers();
      if (current !== storeId) checked = undefined;
      current = storeId;
      known.resolve(storeId);
    },
    require() {
      checked ??= check().catch((error) => {
        checked = undefined;
        throw error;
      });
      return checked;
    },
  };
}

function isOthers(place: S3Place, owner: string): RivuletError {
  const where = placeText(place);
  return new RivuletError(
    "conflict",
    `${where} holds the files of another store (${owner}), which would remove those of this one. Name another prefix in the option artifacts. If that store is gone for good, and this one has its records, delete the object ${place.prefix}${MARK}.`,
    { details: { bucket: place.bucket, prefix: place.prefix, owner } },
  );
}
