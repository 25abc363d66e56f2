import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf, RivuletError } from "@rivulet/core";

/** Imports a package that the app has installed. @throws RivuletError `unsupported` with how to install it */
export async function importPeer<T>(name: string, own: () => Promise<T>): Promise<T> {
  try {
    return await own();
  } catch (cause) {
    const inApp = await importFromApp<T>(name);
    if (inApp !== undefined) return inApp;
    throw new RivuletError(
      "unsupported",
      `This model needs ${name}, which cannot be loaded (${messageOf(cause)}): npm install ${name}`,
      { cause },
    );
  }
}

/** From where the app runs, which may not be where this package is. */
async function importFromApp<T>(name: string): Promise<T | undefined> {
  try {
    const { createRequire } = process.getBuiltinModule("node:module");
    const file = createRequire(join(process.cwd(), "package.json")).resolve(name);
    return (await import(
      /* webpackIgnore: true */ /* @vite-ignore */ pathToFileURL(file).href
    )) as T;
  } catch {
    return undefined;
  }
}
