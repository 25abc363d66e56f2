/** What a backup holds. */
export interface BackupReport {
  /** Absolute path of its folder. */
  readonly path: string;
  /** Table → number of rows. */
  readonly rows: Readonly<Record<string, number>>;
  /** Number of files, such as artifacts. */
  readonly files: number;
  /** Total size in bytes. */
  readonly bytes: number;
  /** Ids of files that records refer to but the store had already lost. The backup lacks them, too. */
  readonly missingFiles: readonly string[];
  /** Ids of files whose bytes are not those that their records tell of (SHA-256). The backup has them as they are. */
  readonly damagedFiles: readonly string[];
}
