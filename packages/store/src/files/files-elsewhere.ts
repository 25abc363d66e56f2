import { RivuletError } from "@rivulet/domain";
import type { OpenStoreOptions } from "../port/open-store-options.ts";
import type { FileStorage } from "../sql/file-storage.ts";
import { joinStorages } from "./joined-storage.ts";
import { readS3Place } from "./s3/s3-place.ts";
import { createS3Storage, type S3StorageOptions } from "./s3/s3-storage.ts";

/** Which store's the files of a `json:` project are: all its clones have the same. */
export const OF_PROJECTS = "json";

/** The options, with the place of `RIVULET_ARTIFACTS` where they name none. */
export function withPlace<T extends Pick<OpenStoreOptions, "artifacts">>(options: T): T {
  const place = process.env["RIVULET_ARTIFACTS"];
  if (options.artifacts !== undefined || place === undefined || place === "") return options;
  return { ...options, artifacts: place };
}

/** The storage that the option `artifacts` names; `undefined` without it. @throws RivuletError `invalid_argument` */
export function storageElsewhere(
  { artifacts }: { readonly artifacts?: string | undefined },
  options: S3StorageOptions = {},
): FileStorage | undefined {
  return artifacts === undefined ? undefined : createS3Storage(readS3Place(artifacts), options);
}

/** The storage beside a store, with the one elsewhere before it. */
export function withElsewhere(
  elsewhere: FileStorage | undefined,
  beside: FileStorage,
): FileStorage {
  return elsewhere === undefined ? beside : joinStorages(elsewhere, beside);
}

/** For a store that does not outlive its client. @throws RivuletError `unsupported` */
export function refuseElsewhere({ artifacts }: OpenStoreOptions): void {
  if (artifacts === undefined) return;
  throw new RivuletError(
    "unsupported",
    "Option artifacts is not for memory:. Its records are gone when it is closed, and nobody would know what the files are.",
    { details: { option: "artifacts" } },
  );
}
