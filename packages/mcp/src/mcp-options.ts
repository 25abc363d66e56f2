import { BOOLEAN, checkOptions, type OptionChecks, TEXT } from "@rivulet/core";

/** Options of the MCP server. */
export interface McpOptions {
  /** List and run the tools that change something. @default false */
  readonly allowWrites?: boolean;
  /**
   * The alias whose version is served as the MCP prompt; a prompt without it is served at its latest
   * version. @default 'production'
   */
  readonly promptAlias?: string;
  /** Name the server gives itself. @default 'rivulet' */
  readonly name?: string;
}

/** {@link McpOptions} with its defaults. */
export interface McpSettings {
  readonly allowWrites: boolean;
  readonly promptAlias: string;
  readonly name: string;
}

const MCP: OptionChecks<McpOptions> = {
  of: "the MCP server",
  checks: { allowWrites: BOOLEAN, promptAlias: TEXT, name: TEXT },
};

/**
 * Fills the defaults in.
 *
 * @throws RivuletError `invalid_argument` for an option that is unknown or has a wrong value
 */
export function withDefaults(options: McpOptions): McpSettings {
  checkOptions(options, MCP);
  const { allowWrites = false, promptAlias = "production", name = "rivulet" } = options;
  return { allowWrites, promptAlias, name };
}
