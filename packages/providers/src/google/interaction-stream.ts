import type { StreamReader } from "../calls/endpoint.ts";
import {
  type Fields,
  fieldOf,
  fieldsOf,
  listOf,
  numberOf,
  withoutNothing,
} from "../calls/read-value.ts";
import { itemAt, joinList, joinText, ownList, putItem } from "../calls/stream-parts.ts";

/** Puts the events of an interaction together. */
export function readInteractionStream(): StreamReader {
  let interaction: Record<string, unknown> | undefined;
  let isComplete = false;
  const steps = new Map<number, Record<string, unknown>>();
  return {
    add(event) {
      const { event_type: type, interaction: given, index, step, delta, error } = fieldsOf(event);
      if (given !== undefined) interaction = { ...interaction, ...withoutNothing(fieldsOf(given)) };
      if (type === "interaction.completed") isComplete = true;
      if (type === "error") interaction = { ...interaction, status: "failed", error };
      const place = numberOf(index) ?? 0;
      if (type === "step.start") putItem(steps, place, { ...fieldsOf(step) });
      if (type !== "step.delta") return false;
      addDelta(
        itemAt(steps, place, () => ({ type: "model_output" })),
        fieldsOf(delta),
      );
      return true;
    },
    answer() {
      if (steps.size === 0) return interaction;
      return { ...interaction, steps: [...steps.values()] };
    },
    isComplete: () => isComplete,
    isFinal: () => isComplete,
  };
}

function addDelta(step: Record<string, unknown>, delta: Fields): void {
  const { type, ...fields } = withoutNothing(delta);
  if (type === "text") addText(step, "content", fields);
  else if (type === "thought_summary") addText(step, "summary", fieldsOf(fields["content"]));
  else if (type === "text_annotation") addAnnotations(step, listOf(fields["annotations"]));
  else if (type === "arguments_delta") {
    // What a call begins with is an object without anything in it.
    step["arguments"] = joinText(step["arguments"], String(fields["arguments"] ?? ""));
  } else if (/^(?:image|audio|video|document)$/.test(String(type)))
    step["content"] = joinList(step["content"], [{ type, ...fields }]);
  else Object.assign(step, fields);
}

/** Text goes on with the text before it. */
function addText(step: Record<string, unknown>, list: string, { text }: Fields): void {
  const parts = ownList(step[list]);
  const last = parts.at(-1);
  if (fieldOf(last, "type") !== "text") joinList(parts, [{ type: "text", text }]);
  else
    parts[parts.length - 1] = {
      ...fieldsOf(last),
      text: joinText(fieldOf(last, "text"), String(text ?? "")),
    };
  step[list] = parts;
}

function addAnnotations(step: Record<string, unknown>, annotations: readonly unknown[]): void {
  const parts = ownList(step["content"]);
  const last = fieldsOf(parts.pop());
  const known = joinList(last["annotations"], annotations);
  step["content"] = joinList(parts, [{ type: "text", text: "", ...last, annotations: known }]);
}
