/** What the workers of a SQLite store are started with. */
export interface SqliteSetup {
  /** Resolved path of the database file. */
  readonly path: string;
  /** Permissions of new files. */
  readonly fileMode: number;
  /** Folder of files such as artifacts. */
  readonly filesFolder: string;
  /** Whether new files go to a storage that the app's thread answers for. */
  readonly isElsewhere: boolean;
  /** Nothing is written, neither by this worker nor by others of this engine. */
  readonly readOnly: boolean;
  /** Version of SQLite. */
  readonly version: string;
}
