import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Driver, findDriver } from "./drivers/registry.ts";

/** Drivers in packages of their own: scheme → the package, which registers its driver when imported. */
const PACKAGES: Readonly<Record<string, string>> = {
  postgres: "@rivulet/postgres",
  postgresql: "@rivulet/postgres",
};

/** The package with the driver of a scheme; `undefined` when unknown. */
export function packageOf(scheme: string): string | undefined {
  return Object.hasOwn(PACKAGES, scheme) ? PACKAGES[scheme] : undefined;
}

/**
 * Imports the package of a scheme: the app's, resolved from the current folder, else the one beside this package.
 *
 * @returns `undefined` when it is not installed
 * @throws whatever importing the package throws
 */
export async function loadDriver(scheme: string): Promise<Driver | undefined> {
  const name = packageOf(scheme);
  if (name === undefined) return undefined;
  try {
    // Bundlers must leave this alone: whether it is installed is known only at run time.
    await import(/* webpackIgnore: true */ /* @vite-ignore */ fileInApp(name) ?? name);
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
  return findDriver(scheme);
}

/** The package's file as resolved from the current folder. */
function fileInApp(name: string): string | undefined {
  // Not imported above, because bundlers would try to follow what it resolves.
  const { createRequire } = process.getBuiltinModule("node:module");
  try {
    return pathToFileURL(createRequire(join(process.cwd(), "package.json")).resolve(name)).href;
  } catch {
    return undefined;
  }
}

/** Whether the package itself is missing. (If one of its dependencies is, the message names the package by its path.) */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !error.message.includes(`'${name}'`)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
