import type { Artifact, ArtifactEntry, Page, PageQuery } from "@rivulet/domain";
import type { ArtifactKey } from "@rivulet/store";
import type { ArtifactContent } from "./artifact-content.ts";

/** Files kept with runs. */
export interface Artifacts {
  /**
   * Stores a file atomically; one with the same path is replaced. Streams are stored as they come, in constant memory.
   *
   * @throws RivuletError `not_found` for the run; `conflict` when it is deleted, or when a folder is at the path;
   * `invalid_argument` for path, content or type; `limit_exceeded` over the client's `artifactBytes`; what a stream throws
   */
  put(artifact: ArtifactInput): Promise<Artifact>;
  /**
   * Stores a file of this machine, in constant memory.
   *
   * @throws RivuletError as `put` does; `not_found` when the file does not exist; `invalid_argument` when it is none
   */
  putFile(artifact: ArtifactFile): Promise<Artifact>;
  /**
   * Stores all files in a folder of this machine, by name, with its folders. Everything is looked at first: a link that
   * leads out of the folder, a link to a folder, or a name that no artifact can have refuses it before anything is stored.
   *
   * @throws RivuletError as `putFile` does; when it fails later, its `details` say how many of the files are stored
   */
  putFolder(folder: ArtifactFolder): Promise<readonly Artifact[]>;
  /** The artifact with its bytes. @throws RivuletError `not_found`; `store_corrupt` when its bytes are missing */
  get(key: ArtifactKey): Promise<Artifact & { readonly content: Uint8Array }>;
  /**
   * The artifact with its bytes as a stream, in constant memory. The stream fails with `conflict` when the artifact is
   * replaced or deleted before its end.
   *
   * @throws RivuletError `not_found`; `store_corrupt` when its bytes are missing; `invalid_argument` for a range that
   * begins behind the end
   */
  stream(key: ArtifactKey, options?: { readonly range?: ByteRange }): Promise<StreamedArtifact>;
  /** The run's artifacts whose path starts with `prefix` (default: all), sorted by path. @throws RivuletError `not_found` for the run */
  list(query: { readonly runId: string; readonly prefix?: string }): Promise<readonly Artifact[]>;
  /** The files and folders in a folder of a run, by name. @throws RivuletError `not_found` for the run */
  listFolder(query: ArtifactFolderQuery): Promise<Page<ArtifactEntry>>;
  /**
   * Removes a file, or a folder with all that is in it.
   *
   * @returns how many files @throws RivuletError `not_found`; `conflict` when the run is deleted
   */
  delete(key: ArtifactKey): Promise<number>;
  /**
   * Writes a file, or all files of a folder, into a folder of this machine, which is made if it is not there. What is
   * there under the same names is replaced; nothing is ever written outside of the folder.
   *
   * @throws RivuletError `not_found`; `invalid_argument` when a link in the folder leads out of it; `store_unavailable`
   * when it cannot be written
   */
  download(download: ArtifactDownload): Promise<DownloadedArtifacts>;
  /** A file, or all files of a folder, as a ZIP archive that is made while it is read. @throws RivuletError `not_found` */
  zip(query: ArtifactSelection): Promise<ReadableStream<Uint8Array>>;
}

/** A file to keep. */
export interface ArtifactInput {
  /** The run to keep it with. */
  readonly runId: string;
  /** A label such as `model/weights.json`. */
  readonly path: string;
  /** Bytes, text or a JSON value; anything that would be changed by storing it is refused. */
  readonly content: ArtifactContent;
  /** MIME type, up to 100 characters. @default derived from the path's extension, else from the content */
  readonly contentType?: string;
}

/** A file of this machine to keep. */
export interface ArtifactFile extends Omit<ArtifactInput, "content" | "path"> {
  /** Path on this machine. */
  readonly file: string;
  /** A label such as `model/weights.json`. @default the file's name */
  readonly path?: string;
}

/** A folder of this machine to keep. */
export interface ArtifactFolder {
  /** The run to keep it with. */
  readonly runId: string;
  /** Path on this machine. */
  readonly folder: string;
  /** Folder within the run. @default the run's top */
  readonly path?: string;
}

/** A file or a folder of a run. */
export interface ArtifactSelection {
  /** The run that has it. */
  readonly runId: string;
  /** Path of the file or the folder. @default everything of the run */
  readonly path?: string;
}

/** Which folder to list. */
export interface ArtifactFolderQuery extends ArtifactSelection, PageQuery {}

/** What goes where. */
export interface ArtifactDownload extends ArtifactSelection {
  /** Folder on this machine. A file comes into it under its own name, a folder with what is in it. */
  readonly to: string;
}

/** What was downloaded. */
export interface DownloadedArtifacts {
  /** Paths on this machine, in the order of the artifacts' paths. */
  readonly files: readonly string[];
  /** Bytes of all files together. */
  readonly bytes: number;
}

/** Bytes of a file, as Node's `createReadStream` names them. */
export interface ByteRange {
  /** The first byte, from 0. */
  readonly start: number;
  /** The last byte, itself included. @default the file's last; so is one behind it */
  readonly end?: number;
}

/** An artifact with its bytes, or those of a range, on their way. */
export interface StreamedArtifact extends Artifact {
  /** The bytes. */
  readonly content: ReadableStream<Uint8Array>;
  /** How many bytes will come. */
  readonly length: number;
}
