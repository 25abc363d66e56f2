import { RivuletError } from "@rivulet/core";

/** How something is looked for, and made. */
export interface Creation<T> {
  readonly get: () => Promise<T | undefined>;
  readonly create: () => Promise<unknown>;
}

/** Makes what is not there yet. Gives what was there before, also when another import was faster. */
export async function createOnce<T>({ get, create }: Creation<T>): Promise<T | undefined> {
  const known = await get();
  if (known !== undefined) return known;
  try {
    await create();
    return undefined;
  } catch (error) {
    if (error instanceof RivuletError && error.code === "already_exists") return get();
    throw error;
  }
}
