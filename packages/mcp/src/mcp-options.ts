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

/** Fills the defaults in. */
export function withDefaults({
  allowWrites = false,
  promptAlias = "production",
  name = "rivulet",
}: McpOptions): McpSettings {
  return { allowWrites, promptAlias, name };
}
