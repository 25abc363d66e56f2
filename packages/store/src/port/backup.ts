/** What a backup holds. */
export interface BackupReport {
  /** Its folder. */
  readonly path: string;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** How many files, such as those of artifacts. */
  readonly files: number;
  /** Of all of it. */
  readonly bytes: number;
  /** Ids of files that records name and that the store has lost: they are not in the backup either. */
  readonly missingFiles: readonly string[];
}
