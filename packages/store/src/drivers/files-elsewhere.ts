import { RivuletError } from "@rivulet/domain";
import { joinStorages } from "../files/joined-storage.ts";
import { readS3Place } from "../files/s3/s3-place.ts";
import { createS3Storage } from "../files/s3/s3-storage.ts";
import type { OpenStoreOptions } from "../port/open-store-options.ts";
import type { FileStorage } from "../sql/file-storage.ts";

/** The storage that the option `artifacts` names; `undefined` without it. @throws RivuletError `invalid_argument` */
export function storageElsewhere({ artifacts }: OpenStoreOptions): FileStorage | undefined {
  return artifacts === undefined ? undefined : createS3Storage(readS3Place(artifacts));
}

/** The storage beside a store, with the one elsewhere before it. */
export function withElsewhere(
  elsewhere: FileStorage | undefined,
  beside: FileStorage,
): FileStorage {
  return elsewhere === undefined ? beside : joinStorages(elsewhere, beside);
}

/** For drivers that keep files in the database itself. @throws RivuletError `unsupported` */
export function refuseElsewhere({ artifacts }: OpenStoreOptions): void {
  if (artifacts === undefined) return;
  throw new RivuletError(
    "unsupported",
    "Option artifacts is for stores that are sqlite: or json:; this one keeps its files itself.",
    { details: { option: "artifacts" } },
  );
}
