import type { Artifact, ArtifactEntry } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import {
  type About,
  askPages,
  type PagedQuestion,
  type Question,
  refresh,
  STEADY,
} from "../api/query-client.ts";

/** A file that can be looked at, wherever it is kept. */
export type ShownFile = Pick<Artifact, "path" | "size" | "sha256" | "contentType">;

/** Where files are kept. */
export interface FileHome {
  /** What they belong to. */
  readonly about: Required<About>;
  /** All of them at once. */
  readonly all: Question<readonly ShownFile[]>;
  /** What is in one folder, where there may be more files than are read at once; the top's path is empty. */
  readonly folder?: (path: string) => PagedQuestion<ArtifactEntry>;
  /** One of them, wherever it lies. */
  readonly find?: (path: string) => Question<ShownFile | null>;
  readonly url: (path: string, options?: { readonly download: true }) => string;
  /** Where the archive of all files is. */
  readonly archiveUrl: string;
  /** Where the archive of a folder is, if there are any. */
  readonly zipUrl?: (path: string) => string;
  /** The first bytes of a file, as many as `limit` at most. */
  readonly read: (path: string, part: FilePart) => Promise<Uint8Array>;
  /** Removes a file for good, where that is possible. */
  readonly delete?: (path: string) => Promise<void>;
}

interface FilePart {
  /** All of it is wanted without one. */
  readonly limit?: number;
  readonly signal: AbortSignal;
}

/** Files and folders of one request. */
export const FOLDER_PAGE = 1_000;

/** What is in a folder of a run, by name; the top's path is empty. */
export function askFolder(runId: string, path: string): PagedQuestion<ArtifactEntry> {
  const query = { runId, path, limit: FOLDER_PAGE };
  return askPages({ subject: "run", id: runId }, "artifacts.listFolder", query);
}

/** Files of a run. */
export function filesOfRun(runId: string): FileHome {
  const about = { subject: "run", id: runId } as const;
  return {
    about,
    all: {
      queryKey: ["run", runId, "artifacts.list"],
      queryFn: ({ signal }) => rivulet.withSignal(signal).artifacts.list({ runId }),
    },
    folder: (path) => askFolder(runId, path),
    find: (path) => ({
      queryKey: ["run", runId, "artifact", path],
      queryFn: async ({ signal }) => {
        const found = await rivulet.withSignal(signal).artifacts.list({ runId, prefix: path });
        return found.find((file) => file.path === path) ?? null;
      },
    }),
    archiveUrl: rivulet.artifacts.zipUrl({ runId }),
    url: (path, options) => rivulet.artifacts.url({ runId, path, ...options }),
    zipUrl: (path) => rivulet.artifacts.zipUrl({ runId, path }),
    read: async (path, { limit, signal }) => {
      const { artifacts } = rivulet.withSignal(signal);
      if (limit === undefined) return bytesOf(await artifacts.stream({ runId, path }));
      return bytesOf(await artifacts.stream({ runId, path }, { range: firstOf(limit) }));
    },
    delete: async (path) => {
      await rivulet.artifacts.delete({ runId, path });
      await refresh("run", [runId]);
    },
  };
}

/** Files of a version of a model, which never change. */
export function filesOfVersion(name: string, version: number): FileHome {
  const reference = `${name}@${version}`;
  return {
    about: { subject: "model", id: name },
    all: {
      queryKey: ["model", name, "models.files", reference],
      queryFn: ({ signal }) => rivulet.withSignal(signal).models.files(reference),
    },
    archiveUrl: rivulet.models.zipUrl(reference),
    url: (path, options) => rivulet.models.url(reference, { path, ...options }),
    read: async (path, { limit, signal }) => {
      const { models } = rivulet.withSignal(signal);
      const range = limit === undefined ? {} : { range: firstOf(limit) };
      return bytesOf(await models.stream(reference, { path, ...range }));
    },
  };
}

function firstOf(limit: number): { readonly start: number; readonly end: number } {
  return { start: 0, end: limit - 1 };
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
  );
}

/** A file as text, as far as it was read. */
export interface FileBeginning {
  readonly text: string;
  /** There is no more of it. */
  readonly isWhole: boolean;
}

/** At most so many bytes of a file, as text. A line that is cut is left out. */
export function askFileBeginning(
  { about, read }: FileHome,
  { file, limit }: { readonly file: ShownFile; readonly limit: number },
): Question<FileBeginning> {
  const { path, size, sha256 } = file;
  return {
    // What a digest names never changes, and is not asked for again once it is deleted.
    queryKey: ["file", about.subject, about.id, path, sha256, limit],
    meta: STEADY,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      if (size <= limit)
        return { text: decode(await read(path, { signal }), false), isWhole: true };
      const text = decode((await read(path, { limit, signal })).subarray(0, limit), true);
      return { text: text.slice(0, text.lastIndexOf("\n") + 1) || text, isWhole: false };
    },
  };
}

/** Text in UTF-8, or in UTF-16 where a mark at its beginning says so. Of what was cut, half a letter at the end is left out. */
function decode(bytes: Uint8Array, isCut: boolean): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes, { stream: isCut });
}
