import type { Backend, RecordBatch, RunEnding } from "@rivulet/store/engine";

/** A backend that keeps nothing, and remembers what it was asked. */
export interface FakeBackend {
  readonly backend: Backend;
  readonly batches: RecordBatch[];
  readonly released: (readonly [owner: string, ending: RunEnding])[];
  readonly beats: string[];
  /** What `owners.list` answers. */
  silent: { owner: string; silentMs: number }[];
}

export function aFakeBackend(): FakeBackend {
  const marks = new Map<string, number>();
  const fake: FakeBackend = {
    batches: [],
    released: [],
    beats: [],
    silent: [],
    backend: {
      entities: {} as Backend["entities"],
      files: {} as Backend["files"],
      async take(batch) {
        fake.batches.push(batch);
        if (batch.segment !== undefined) marks.set(batch.segment.name, batch.segment.to);
        return { changes: [], refused: [] };
      },
      takeAttachment: async () => true,
      backup: async () => {
        throw new Error("There is nothing to back up.");
      },
      marks: {
        read: async (segment) => marks.get(segment) ?? 0,
        remove: async (segment) => void marks.delete(segment),
        list: async () => [...marks.keys()],
      },
      changes: { poll: async () => [] },
      owners: {
        beat: async (owner) => void fake.beats.push(owner),
        list: async () => fake.silent,
        async release(owner, ending) {
          fake.released.push([owner, ending]);
          return [];
        },
      },
      checkIntegrity: async () => ({ ok: true, problems: [] }),
      tidy: async () => undefined,
      close: async () => undefined,
    },
  };
  return fake;
}
