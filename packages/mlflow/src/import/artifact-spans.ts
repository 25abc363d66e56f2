import { existsSync } from "node:fs";
import { join } from "node:path";
import { type FinishedSpan, messageOf } from "@rivulet/core";
import { type ArtifactRules, type NamedPlace, placeOfArtifacts } from "./artifact-files.ts";
import { readOwnText } from "./file-tree.ts";
import { spansInFile } from "./source-traces.ts";

/** The file in which MLflow keeps the spans of a trace, where they are not in its database. */
const SPANS = "traces.json";

/** Where the spans of a trace are. */
export interface SpanPlace extends NamedPlace {
  readonly traceId: string;
  /** For messages. */
  readonly path: string;
}

/** Reads the spans of a trace from its file; none, which is told, when that cannot be read. */
export type ReadSpans = (place: SpanPlace) => readonly FinishedSpan[];

/** Reads spans as far as the rules let it. */
export function spanReader(
  rules: ArtifactRules,
  skip: (path: string, why: string) => void,
): ReadSpans {
  const without = (path: string, why: string): readonly FinishedSpan[] => {
    skip(path, `${why}; of the trace there is what MLflow's record says`);
    return [];
  };
  return ({ traceId, path, ...named }) => {
    const { root, why } = placeOfArtifacts(named, rules);
    if (root === undefined) return without(path, `its spans are not here: ${named.uri}: ${why}`);
    const file = join(root, SPANS);
    if (!existsSync(file)) return without(path, `its spans are nowhere: there is no ${file}`);
    try {
      return spansInFile(traceId, readOwnText(file));
    } catch (error) {
      return without(file, messageOf(error));
    }
  };
}
