/** Set when the package is built. */
declare const RIVULET_VERSION: string | undefined;

/** The version of this package. */
export const VERSION: string =
  typeof RIVULET_VERSION === "string" ? RIVULET_VERSION : "0.0.0 (sources)";
