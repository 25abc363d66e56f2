import { createRequire } from "node:module";
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
  const fromApp = resolveFrom(join(process.cwd(), "package.json"), name);
  const file = fromApp ?? resolveFrom(import.meta.url, name);
  if (file === undefined) return undefined;
  await import(pathToFileURL(file).href);
  return findDriver(scheme);
}

function resolveFrom(place: string | URL, name: string): string | undefined {
  try {
    return createRequire(place).resolve(name);
  } catch {
    return undefined;
  }
}
