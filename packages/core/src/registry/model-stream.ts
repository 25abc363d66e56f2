import { createHash } from "node:crypto";
import { RivuletError } from "@rivulet/domain";
import type { Store, StoredModelFile } from "@rivulet/store";
import type { ByteRange } from "../artifacts/artifacts.ts";
import { rangeIn, streamOf } from "../artifacts/byte-stream.ts";
import { PART_BYTES } from "../artifacts/store-content.ts";
import type { StreamedModelFile } from "./models.ts";

/**
 * A file of a version with its bytes, read when they are wanted. Who reads all of them learns at the end whether they
 * are those that were registered.
 *
 * @throws RivuletError `invalid_argument` for a range behind the end; `store_corrupt`, from the stream as well, for bytes
 * that are missing or have changed
 */
export async function streamModelFile(
  store: Store,
  { fileId, ...file }: StoredModelFile,
  range?: ByteRange,
): Promise<StreamedModelFile> {
  const [from, end] = rangeIn(file, range, `the file ${file.path}`);
  const check = from === 0 && end === file.size ? checkOf(file) : () => undefined;
  const readOn = async (at: number): Promise<Uint8Array> => {
    const length = Math.min(PART_BYTES, end - at);
    const part = await store.files.readPart({ id: fileId, from: at, length });
    if (part === undefined || (part.byteLength === 0 && length > 0)) {
      throw corrupt(file, "are not in the store");
    }
    check(part, at + part.byteLength === end);
    return part;
  };
  const content = streamOf(await readOn(from), { from, end, readOn });
  return { ...file, content, length: end - from };
}

type Named = Omit<StoredModelFile, "fileId">;

/** Is given each part in turn. */
function checkOf(file: Named): (part: Uint8Array, isLast: boolean) => void {
  const digest = createHash("sha256");
  return (part, isLast) => {
    digest.update(part);
    if (!isLast || digest.digest("hex") === file.sha256) return;
    throw corrupt(file, "are not those that were registered");
  };
}

function corrupt({ name, version, path }: Named, problem: string): RivuletError {
  return new RivuletError(
    "store_corrupt",
    `The bytes of ${path} of model ${name}, version ${version}, ${problem}. Restore a backup, or register the model again.`,
    { details: { name, version, path } },
  );
}
