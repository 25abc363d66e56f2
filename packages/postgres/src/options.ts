/** How PostgreSQL is reached and used. Each of these can also be a parameter of the URL, which yields to it. */
export interface PostgresOptions {
  /** The schema that holds the store; made when it is not there. @default 'rivulet' */
  readonly schema?: string;
  /** Most connections that one process has open; at least 2. @default 5 */
  readonly max?: number;
  /** TLS. `true` verifies the server's certificate and name. Left out: as the URL's `sslmode` says, else none. */
  readonly ssl?: boolean | PostgresTls;
  /** Milliseconds to wait for a connection, also while the server is away. @default 10000 */
  readonly connectionTimeoutMs?: number;
  /** Milliseconds that one statement may take. @default 60000 */
  readonly statementTimeoutMs?: number;
  /** Milliseconds after which a connection that nobody uses is closed. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** What the server calls this program in its lists. @default 'rivulet' */
  readonly applicationName?: string;
  /**
   * How spans are cut into partitions by their start. Counts when the store is made, and never changes for a
   * store. Left out: one table.
   */
  readonly partitions?: PartitionPeriod;
}

/** The span of time that one partition holds, in UTC. */
export type PartitionPeriod = "day" | "week" | "month";

/** TLS in detail: PEM texts, not paths. */
export interface PostgresTls {
  /** Certificates of the authorities that are trusted. @default those that Node trusts */
  readonly ca?: string;
  /** The client's certificate. */
  readonly cert?: string;
  /** The key of {@link cert}. */
  readonly key?: string;
  /** `false` takes any certificate: encrypted, but open to whoever stands between. @default true */
  readonly rejectUnauthorized?: boolean;
  /** `false` takes a certificate of any name, from an authority that is trusted. @default true */
  readonly verifyName?: boolean;
}
