import type { Backend } from "../../port/backend.ts";
import { chunkOf } from "./chunk.ts";
import { NOTHING_TAKEN } from "./ledger.ts";
import { linesIn } from "./open-segment.ts";
import type { OwnerStep } from "./owner-reader.ts";
import type { RecordSink } from "./record-sink.ts";

/** Hands lines over directly when there is no disk for a spool. */
export function memorySink(post: (lines: string) => void): RecordSink {
  return {
    medium: "memory",
    write(lines) {
      post(lines);
      return undefined;
    },
    end: () => undefined,
    release: () => undefined,
  };
}

/** Writes lines of a {@link memorySink} to the database. */
export async function takeLines(
  backend: Pick<Backend, "take">,
  owner: string,
  lines: string,
): Promise<Omit<OwnerStep, "next">> {
  const chunk = chunkOf(linesIn(Buffer.from(lines)));
  if (chunk === undefined) return { taken: NOTHING_TAKEN, changes: [], refused: [] };
  const { changes, refused } = await backend.take({ records: chunk.records, owner });
  const lost = [...chunk.damaged, ...refused];
  const taken = { records: chunk.ends.length, bytes: chunk.to, refused: lost.length };
  return { taken, changes, refused: lost };
}
