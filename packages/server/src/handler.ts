/** Everything Rivulet serves, for any framework that speaks `Request` and `Response`. */
export interface Handler {
  /** Never rejects: whatever fails is a response. */
  (request: Request, context: HandlerContext): Promise<Response>;
  /** Ends event streams, and closes the extensions. */
  close(): Promise<void>;
}

/** What a `Request` does not say. */
export interface HandlerContext {
  /** Where the handler is mounted, such as `/mlops`; empty at the root. */
  readonly basePath: string;
  /** IP address of the other end of the connection. Without it nobody counts as local. */
  readonly peerAddress?: string;
  /** The path as it came over the wire: `Request` has already resolved dot segments. */
  readonly rawPath?: string;
  /**
   * What an earlier body parser did: `rewritten` when the body was made again from what it parsed, `lost`
   * when nothing is left of it.
   */
  readonly body?: "rewritten" | "lost";
  /** The framework's own request, for `auth`. `toNodeListener` gives `{ req, res }`. */
  readonly native?: unknown;
}
