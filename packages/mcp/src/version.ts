/** Set when the package is built. */
declare const RIVULET_MCP_VERSION: string | undefined;

/** The package's version; `0.0.0-source` when it runs from its sources. */
export const VERSION: string =
  typeof RIVULET_MCP_VERSION === "string" ? RIVULET_MCP_VERSION : "0.0.0-source";
