import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { createRivulet, openStore, type Rivulet } from "@rivulet/core";
import { loadDriver } from "./load-driver.ts";
import { writeFailure } from "./output.ts";
import { storeFile } from "./store-file.ts";

/** A client whose store is open. @throws RivuletError when it cannot be opened */
export async function openClient(url: string): Promise<Rivulet> {
  return clientOf(url, { readOnly: false });
}

/** A read-only client: on a read-only disk, its store is opened for reading. */
export async function openReader(url: string): Promise<Rivulet> {
  const file = storeFile(url);
  return clientOf(url, { readOnly: file !== undefined && !(await isWritable(dirname(file))) });
}

/** A client that cannot write. A store in memory begins with its first write, so that it is opened as any. */
export async function openReadOnly(url: string): Promise<Rivulet> {
  return clientOf(url, { readOnly: url !== "memory:" });
}

async function clientOf(
  url: string,
  { readOnly }: { readonly readOnly: boolean },
): Promise<Rivulet> {
  await loadDriver(url);
  const store = await openStore(url, { onError: writeFailure, readOnly });
  return createRivulet({ store, onError: writeFailure });
}

function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}
