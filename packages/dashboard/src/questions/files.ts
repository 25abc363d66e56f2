import type { Artifact } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { type Question, refresh } from "../api/query-client.ts";

/** A file as text, as far as it was read. */
export interface FileBeginning {
  readonly text: string;
  /** There is no more of it. */
  readonly isWhole: boolean;
}

/** Removes a file of a run for good, or a folder with all that is in it. */
export async function deleteFile({ runId, path }: Pick<Artifact, "runId" | "path">): Promise<void> {
  await rivulet.artifacts.delete({ runId, path });
  await refresh("run", [runId]);
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
      const range = { start: 0, end: limit - 1 };
      const stream = await rivulet.withSignal(signal).artifacts.stream({ runId, path }, { range });
      const text = decode(new Uint8Array(await new Response(stream).arrayBuffer()), true);
      return { text: text.slice(0, text.lastIndexOf("\n") + 1) || text, isWhole: false };
    },
  };
}

/** Text in UTF-8, or in UTF-16 where a mark at its beginning says so. Of what was cut, half a letter at the end is left out. */
function decode(bytes: Uint8Array, isCut: boolean): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes, { stream: isCut });
}
