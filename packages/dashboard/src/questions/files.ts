import type { Artifact } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import type { Question } from "../api/query-client.ts";

/** A file as text, as far as it was read. */
export interface FileBeginning {
  readonly text: string;
  /** There is no more of it. */
  readonly isWhole: boolean;
}

/** At most so many bytes of a file, as text. A line that is cut is left out. */
export function askFileBeginning(artifact: Artifact, limit: number): Question<FileBeginning> {
  const { runId, path, size, sha256 } = artifact;
  return {
    queryKey: ["run", runId, "file", path, sha256, limit],
    queryFn: async ({ signal }) => {
      if (size <= limit) {
        const file = await rivulet.withSignal(signal).artifacts.get({ runId, path });
        return { text: decode(new Uint8Array(await file.arrayBuffer()), false), isWhole: true };
      }
      const text = decode(
        await readBytes(rivulet.artifacts.url({ runId, path }), limit, signal),
        true,
      );
      return { text: text.slice(0, text.lastIndexOf("\n") + 1) || text, isWhole: false };
    },
  };
}

/** Reads no more than it is asked for: a server that knows ranges sends no more, from another the rest is not taken. */
async function readBytes(url: string, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, { signal, headers: { range: `bytes=0-${limit - 1}` } });
  if (!response.ok || response.body === null) {
    throw new Error(`The file could not be read (${response.status}).`);
  }
  const reader = response.body.getReader();
  const bytes = new Uint8Array(limit);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes.set(value.subarray(0, limit - length), length);
    length = Math.min(limit, length + value.byteLength);
    if (length === limit) break;
  }
  await reader.cancel();
  return bytes.subarray(0, length);
}

/** Text in UTF-8, or in UTF-16 where a mark at its beginning says so. Of what was cut, half a letter at the end is left out. */
function decode(bytes: Uint8Array, isCut: boolean): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes, { stream: isCut });
}
