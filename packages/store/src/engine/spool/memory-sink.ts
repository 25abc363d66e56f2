import type { RecordSink } from "./spool-writer.ts";

/** Hands records over as messages, where there is no disk for a spool. */
export function memorySink(post: (lines: string) => void): RecordSink {
  let kept = "";
  return {
    medium: "memory",
    add(record) {
      const line = `${record}\n`;
      kept += line;
      return line.length;
    },
    flush() {
      const lines = kept;
      kept = "";
      post(lines);
    },
    close: () => undefined,
  };
}
