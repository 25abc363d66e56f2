/** Everything Rivulet serves, for any framework that speaks `Request` and `Response`. */
export interface Handler {
  /** Never rejects: whatever fails is a response. */
  (request: Request, context: HandlerContext): Promise<Response>;
  /**
   * The address to open in a browser: that of the mount, such as `http://localhost:3000/mlops`, with the token after `#`
   * where one is needed. The page takes it out of the address bar.
   */
  signInUrl(address: string): Promise<string>;
  /** Ends event streams, and closes the extensions. */
  close(): Promise<void>;
}

/** What a `Request` does not say. */
export interface HandlerContext {
  /** Where the handler is mounted, such as `/mlops`; empty at the root. */
  readonly basePath: string;
  /** IP address of the other end of the connection. Without it no caller counts as local. */
  readonly peerAddress?: string;
  /** Such as `1.1`. Requests of HTTP/1.0 come from proxies, and do not count as local. */
  readonly httpVersion?: string;
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
