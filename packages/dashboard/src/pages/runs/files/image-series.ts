import type { ShownFile } from "../../../questions/files.ts";

/** A picture of a series. */
export interface Frame {
  readonly step: number;
  /** Unix milliseconds. */
  readonly timestamp: number;
  /** The whole picture; a smaller copy of it, where there is no other. */
  readonly file: ShownFile;
}

/** Pictures logged under one key, by step. */
export interface ImageSeries {
  /** Such as `images/val/sample`, which no file has. */
  readonly path: string;
  readonly key: string;
  /** Bytes of all files of it, with the smaller copies. */
  readonly size: number;
  /** How many files those are. */
  readonly files: number;
  readonly frames: readonly Frame[];
}

/**
 * How MLflow's clients and `run.logImage` name them: `images/KEY%step%STEP%timestamp%TIME%ID.png`, and with
 * `%compressed.webp` at its end a smaller copy. Slashes of a key are written as `#`.
 */
const NAME = /^images\/([^/]+?)%step%(-?\d+)%timestamp%(\d+)%([^%/]+?)(%compressed)?\.\w+$/;

/** Gathers files that are named as pictures of a series, and gives the others as they are. */
export function gatherSeries(files: readonly ShownFile[]): {
  readonly series: readonly ImageSeries[];
  readonly others: readonly ShownFile[];
} {
  const byKey = new Map<string, { size: number; files: number; frames: Map<string, Frame> }>();
  const others = files.filter((file) => {
    const [, name, step, timestamp, id = "", smaller] = NAME.exec(file.path) ?? [];
    if (name === undefined) return true;
    const one = byKey.get(name) ?? { size: 0, files: 0, frames: new Map() };
    one.size += file.size;
    one.files += 1;
    if (smaller === undefined || !one.frames.has(id)) {
      one.frames.set(id, { step: Number(step), timestamp: Number(timestamp), file });
    }
    byKey.set(name, one);
    return false;
  });
  const series = [...byKey].map(([name, { size, files, frames }]) => ({
    path: `images/${name}`,
    key: name.replaceAll("#", "/"),
    size,
    files,
    frames: [...frames.values()].sort((a, b) => a.step - b.step || a.timestamp - b.timestamp),
  }));
  return { series, others };
}
