/** Connection and use of PostgreSQL. Each option can also be a URL parameter; the option wins. */
export interface PostgresOptions {
  /** Schema that holds the store; created if it does not exist. @default 'rivulet' */
  readonly schema?: string;
  /** Most open connections per process; at least 2. @default 5 */
  readonly max?: number;
  /** TLS. `true` verifies the server's certificate and name. @default as in the URL's `sslmode`, else none */
  readonly ssl?: boolean | PostgresTls;
  /** Milliseconds to wait for a connection, also while the server is unreachable. @default 10000 */
  readonly connectionTimeoutMs?: number;
  /** Time limit of one statement in milliseconds. @default 60000 */
  readonly statementTimeoutMs?: number;
  /** Milliseconds after which an unused connection is closed. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** Name of this program in the server's lists (`application_name`). @default 'rivulet' */
  readonly applicationName?: string;
  /**
   * How spans are cut into partitions by their start. Counts when the store is made, and never changes for a
   * store. Left out: one table.
   */
  readonly partitions?: PartitionPeriod;
}

/** Length of time that one partition covers, in UTC. */
export type PartitionPeriod = "day" | "week" | "month";

/** TLS options, as PEM texts rather than paths. */
export interface PostgresTls {
  /** Certificates of trusted authorities. @default those that Node trusts */
  readonly ca?: string;
  /** The client's certificate. */
  readonly cert?: string;
  /** Private key of {@link cert}. */
  readonly key?: string;
  /** `false` accepts any certificate: encrypted, but open to a man in the middle. @default true */
  readonly rejectUnauthorized?: boolean;
  /** `false` accepts a certificate for any name from a trusted authority. @default true */
  readonly verifyName?: boolean;
}
