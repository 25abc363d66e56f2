import type { JournalRecord } from "@rivulet/store";
import type { SpoolReaderParts } from "@rivulet/store/spool";

/** A database that keeps what it takes in a list. */
export interface RecordsInMemory {
  readonly backend: SpoolReaderParts["backend"];
  /** Names of the spans that were taken, in their order. */
  names(): readonly string[];
  /** Everything that was taken, with who recorded it. */
  readonly taken: { readonly owner: string; readonly record: JournalRecord }[];
  /** Segment → how far it was taken. */
  readonly marks: Map<string, number>;
  /** Fails the next call that takes records. */
  failNext(error: Error): void;
}

export function recordsInMemory(): RecordsInMemory {
  const marks = new Map<string, number>();
  const taken: { owner: string; record: JournalRecord }[] = [];
  let failure: Error | undefined;
  return {
    taken,
    marks,
    names: () => taken.map(({ record }) => (record.kind === "span" ? record.span.name : "")),
    failNext(error) {
      failure = error;
    },
    backend: {
      async take({ records, owner, segment }) {
        const error = failure;
        failure = undefined;
        if (error !== undefined) throw error;
        const position = segment && (marks.get(segment.name) ?? 0);
        if (segment !== undefined && position !== undefined && position !== segment.from)
          return { position, changes: [], refused: [] };
        if (segment !== undefined) marks.set(segment.name, segment.to);
        taken.push(...records.map((record) => ({ owner, record })));
        return { changes: [], refused: [] };
      },
      takeAttachment: async () => true,
      marks: {
        read: async (name) => marks.get(name) ?? 0,
        async remove(name) {
          marks.delete(name);
        },
        list: async () => [...marks.keys()],
      },
    },
  };
}
