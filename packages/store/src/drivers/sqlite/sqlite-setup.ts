/** What the workers of a SQLite store are told. */
export interface SqliteSetup {
  /** The database file, resolved. */
  readonly path: string;
  /** Permissions of new files. */
  readonly fileMode: number;
  /** Folder of the files, such as artifacts. */
  readonly filesFolder: string;
  /** Nothing is written, also by nobody else of this engine. */
  readonly readOnly: boolean;
  /** Version of SQLite. */
  readonly version: string;
}
