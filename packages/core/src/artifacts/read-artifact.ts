import { type Artifact, RivuletError } from "@rivulet/domain";
import type { ArtifactKey, Store } from "@rivulet/store";
import { noArtifact } from "../reference.ts";
import type { ByteRange, StreamedArtifact } from "./artifacts.ts";
import { rangeIn, streamOf } from "./byte-stream.ts";
import { PART_BYTES } from "./store-content.ts";

/** Attempts before it is an error that others keep replacing an artifact. */
const MOST_TRIES = 3;

/** The artifact with its bytes. Tries again when it is replaced between looking up its record and reading its file. */
export async function readArtifact(
  store: Store,
  key: ArtifactKey,
): Promise<Artifact & { readonly content: Uint8Array }> {
  const {
    fileId: _,
    begun,
    ...artifact
  } = await found(store, key, (record) => store.files.read(record.fileId));
  return { ...artifact, content: begun };
}

/** The same as a stream, of a range of the bytes. */
export async function streamArtifact(
  store: Store,
  key: ArtifactKey,
  range?: ByteRange,
): Promise<StreamedArtifact> {
  const { fileId, begun, ...artifact } = await found(store, key, async (record) => {
    const [from, end] = rangeIn(record, range, `the artifact ${record.path}`);
    const length = Math.min(PART_BYTES, end - from);
    const first = await store.files.readPart({ id: record.fileId, from, length });
    // A file that ends too early has lost its bytes.
    return first && (first.byteLength > 0 || length === 0) ? { first, from, end } : undefined;
  });
  const { first, from, end } = begun;
  const readOn = async (at: number): Promise<Uint8Array> => {
    const part = { id: fileId, from: at, length: Math.min(PART_BYTES, end - at) };
    const bytes = await store.files.readPart(part);
    if (bytes !== undefined && bytes.byteLength > 0) return bytes;
    throw goneMeanwhile(key);
  };
  return { ...artifact, content: streamOf(first, { from, end, readOn }), length: end - from };
}

type Recorded = NonNullable<Awaited<ReturnType<Store["artifacts"]["get"]>>>;

async function found<T>(
  store: Store,
  key: ArtifactKey,
  begin: (record: Recorded) => Promise<T | undefined>,
): Promise<Recorded & { readonly begun: T }> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const record = await store.artifacts.get(key);
    if (record === undefined) throw noArtifact(key);
    const begun = await begin(record);
    if (begun !== undefined) return { ...record, begun };
  }
  throw new RivuletError(
    "store_corrupt",
    `The bytes of the artifact ${key.path} of run ${key.runId} are not in the store. Restore a backup, or log the artifact again.`,
    { details: { runId: key.runId, path: key.path } },
  );
}

function goneMeanwhile({ runId, path }: ArtifactKey): RivuletError {
  return new RivuletError(
    "conflict",
    `The artifact ${path} of run ${runId} was replaced or deleted while it was read. Read it again.`,
    { details: { runId, path } },
  );
}
