import { createRivulet, openStore, type Rivulet } from "@rivulet/core";
import { loadDriver } from "./load-driver.ts";
import { writeFailure } from "./output.ts";

/** A client whose store is open. @throws RivuletError when it cannot be opened */
export async function openClient(url: string): Promise<Rivulet> {
  await loadDriver(url);
  const store = await openStore(url, { onError: writeFailure });
  return createRivulet({ store, onError: writeFailure });
}
