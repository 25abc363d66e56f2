import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Driver, findDriver } from "./drivers/registry.ts";

/** Drivers in packages of their own: what their URLs begin with → the package, which registers when it is imported. */
const PACKAGES: Readonly<Record<string, string>> = {
  postgres: "@rivulet/postgres",
  postgresql: "@rivulet/postgres",
};

/** The package that brings the driver of a scheme; undefined when we know of none. */
export function packageOf(scheme: string): string | undefined {
  return Object.hasOwn(PACKAGES, scheme) ? PACKAGES[scheme] : undefined;
}

/**
 * Imports the package of a scheme: the app's own first, as seen from the current folder, then the one beside us.
 *
 * @returns undefined when it is not installed
 * @throws what the package throws while it is imported
 */
export async function loadDriver(scheme: string): Promise<Driver | undefined> {
  const name = packageOf(scheme);
  if (name === undefined) return undefined;
  try {
    // Bundlers must leave it alone: nobody but the app knows whether it is there.
    await import(/* webpackIgnore: true */ /* @vite-ignore */ fileInApp(name) ?? name);
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
  return findDriver(scheme);
}

/** The package's file as the app in the current folder would find it. */
function fileInApp(name: string): string | undefined {
  // Not imported above: bundlers that see it want to follow what it resolves.
  const { createRequire } = process.getBuiltinModule("node:module");
  try {
    return pathToFileURL(createRequire(join(process.cwd(), "package.json")).resolve(name)).href;
  } catch {
    return undefined;
  }
}

/** Whether it is the package itself that is not there: one that lacks a library of its own is named by its path. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !error.message.includes(`'${name}'`)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
