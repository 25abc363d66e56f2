import type { LineSink } from "./spool-writer.ts";

/** Hands lines over as messages, where there is no disk for a spool. */
export function memorySink(post: (lines: string) => void): LineSink {
  let kept = "";
  return {
    medium: "memory",
    add({ head, body }) {
      const line = `${head}\t${body}\n`;
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
