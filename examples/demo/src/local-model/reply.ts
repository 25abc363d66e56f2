import { composeAnswer } from "./compose-answer.ts";
import { judge, readJudgement } from "./judge.ts";
import type { LocalMessage, LocalReply, LocalTool } from "./messages.ts";
import { type Instructions, readInstructions } from "./read-instructions.ts";
import { readArguments } from "./read-question.ts";

/**
 * A language model of a few rules, for machines without a provider. It reads what it is given and nothing
 * else: which tool fits the question (from the tools' own schemas), what to put into it (from the
 * question), what the tool said (from its result), and how to do all that (from the system message).
 */
export function reply(messages: readonly LocalMessage[], tools: readonly LocalTool[]): LocalReply {
  const instructions = readInstructions(messages);
  const questionAt = messages.findLastIndex(({ role }) => role === "user");
  const question = messages[questionAt]?.text ?? "";
  const judgement = readJudgement(question);
  if (judgement !== undefined) return say(judge(judgement));
  const results = messages.slice(questionAt + 1).filter(({ role }) => role === "tool");
  if (results.length > 0) return say(composeAnswer(results, instructions));
  return chooseTool(question, tools, instructions) ?? say(refusal(tools));
}

/** The tool whose required arguments can all be read from the question; the one that takes most wins. */
function chooseTool(
  question: string,
  tools: readonly LocalTool[],
  instructions: Instructions,
): LocalReply | undefined {
  const calls = tools.flatMap(({ name, parameters }) => {
    const input = readArguments(question, parameters, instructions);
    return input === undefined ? [] : [{ kind: "tool" as const, name, input }];
  });
  const size = ({ input }: { readonly input: object }): number => Object.keys(input).length;
  return calls.toSorted((one, other) => size(other) - size(one))[0];
}

function say(text: string): LocalReply {
  return { kind: "text", text };
}

function refusal(tools: readonly LocalTool[]): string {
  const names = tools.map(({ name }) => name.replaceAll("_", " ")).join(", ");
  return names === ""
    ? "I have no tool to answer that with."
    : `I cannot answer that with my tools (${names}).`;
}
