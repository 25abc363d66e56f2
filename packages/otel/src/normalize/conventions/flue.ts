import type { Convention } from "../convention.ts";
import { valueBody } from "../convention.ts";
import { fieldAt } from "../usage-counts.ts";

/** Flue. */
export const flue: Convention = {
  name: "Flue",
  roots: ["flue"],
  read: {
    type({ attributes }) {
      if (attributes.peek("flue.tool.name") ?? attributes.peek("flue.tool.call_id")) return "tool";
      return attributes.names.some((name) => name.startsWith("flue.task.")) ? "agent" : undefined;
    },
    name: ({ attributes }) => attributes.text("flue.tool.name"),
    input({ attributes }) {
      const input = attributes.json(
        "flue.turn.input",
        "flue.tool.arguments",
        "flue.task.prompt",
        "flue.workflow.payload",
      );
      const system = fieldAt(input, "systemPrompt");
      if (system === undefined) return valueBody(input);
      const { systemPrompt: _, ...others } = input as Readonly<Record<string, unknown>>;
      return { value: { system, ...others } };
    },
    output: ({ attributes }) =>
      valueBody(
        attributes.json(
          "flue.turn.output",
          "flue.tool.result",
          "flue.task.result",
          "flue.workflow.result",
          "flue.operation.result",
        ),
      ),
    details: ({ attributes }) => ({ toolCallId: attributes.text("flue.tool.call_id") }),
  },
};
