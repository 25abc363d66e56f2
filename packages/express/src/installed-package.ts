/** Loads a package that may not be installed. Its name comes as a variable, so that bundlers leave it alone: they would fail. */
export async function loadInstalled<T>(name: string): Promise<T> {
  return (await import(
    /* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name
  )) as T;
}

/** Whether a package is not installed, without loading it. Some bundles cannot tell; then the first request does. */
export function isMissing(name: string): boolean {
  try {
    import.meta.resolve(name);
    return false;
  } catch (error) {
    return isNotFound(error, name);
  }
}

/** Whether an error says that a package is not installed. */
export function isNotFound(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(`'${name}'`)
  );
}
