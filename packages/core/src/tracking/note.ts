import { LIMITS, type StringMap } from "@rivulet/domain";
import type * as z from "@rivulet/domain/zod";
import { textSchema } from "../validation.ts";

/** MLflow's tag for what there is to know of a run or an experiment. */
const NOTE_TAG = "mlflow.note.content";

/** Schema of a note. */
export const noteSchema: z.ZodType<string> = textSchema(LIMITS.tagValue).describe(
  "What there is to know of it, in Markdown; empty removes it",
);

/** Changes to tags that may come with a note. */
interface Noted {
  readonly note?: string;
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
}

/** A patch whose note is among its tags. */
export function withNoteTag<T extends Noted>({ note, ...patch }: T): Omit<T, "note"> {
  if (note === undefined) return patch;
  if (note === "") return { ...patch, removeTags: [...(patch.removeTags ?? []), NOTE_TAG] };
  return { ...patch, tags: { ...patch.tags, [NOTE_TAG]: note } };
}
