/** The files of a model version. */
export interface ModelFiles {
  /** Their paths, sorted, relative to the model's folder. */
  readonly paths: readonly string[];
  /** The one among them that the version names, when it names a file and not a folder. */
  readonly main?: string;
  /** The bytes of one of them. @throws RivuletError `not_found` */
  read(path: string): Promise<Uint8Array>;
}

/** What one row is: an object of columns, a list of numbers, or any other JSON. */
export type Row = unknown;

/** A model that is ready to predict. */
export interface LoadedModel {
  /** Gives one prediction per row, or an object of named outputs with one per row each; as JSON. */
  predict(rows: readonly Row[], params: Readonly<Record<string, unknown>>): unknown;
  /** Frees what the model holds; called once, when its last request is over. */
  dispose?(): void | Promise<void>;
}

/** What a loader is told besides the files. */
export interface LoadContext {
  /** Name of the registered model. */
  readonly name: string;
  /** Number of the version. */
  readonly version: number;
  /** Names of the columns that the signature has, in its order; empty without a signature. */
  readonly columns: readonly string[];
}

/** Makes a model of its files. */
export type ModelLoader = (
  files: ModelFiles,
  context: LoadContext,
) => LoadedModel | Promise<LoadedModel>;
