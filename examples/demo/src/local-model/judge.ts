/** A question to a judge, taken apart. */
export interface Judgement {
  readonly criterion: string;
  readonly answer: string;
  /** The first one stands for "it does". */
  readonly choices: readonly string[];
}

/** A judge's question has a criterion, the answer in tags, and a list of choices. */
export function readJudgement(text: string): Judgement | undefined {
  const answer = /<answer>\s*([\s\S]*?)\s*<\/answer>/.exec(text);
  const choices = /one of these choices: (.*)\.$/m.exec(text)?.[1]?.match(/"[^"]+"/g);
  if (answer === null || choices === undefined || choices === null) return undefined;
  return {
    criterion: text.slice(0, answer.index),
    answer: answer[1] ?? "",
    choices: choices.map((choice) => choice.slice(1, -1)),
  };
}

/**
 * Looks for the words that the criterion quotes; that is all a model of a few rules can judge. The choices
 * are told apart by their words, because their order changes from vote to vote.
 */
export function judge({ criterion, answer, choices }: Judgement): string {
  const wanted = criterion.match(/"[^"]+"/g)?.map((word) => word.slice(1, -1)) ?? [];
  const found = wanted.find((word) => answer.toLowerCase().includes(word.toLowerCase()));
  const isNegative = (choice: string): boolean => /^(?:no|not|false|fail)/i.test(choice);
  const choice = choices.find((candidate) => isNegative(candidate) === (found === undefined));
  const reason =
    found === undefined
      ? `The answer has none of: ${wanted.join(", ")}.`
      : `The answer says "${found}".`;
  return JSON.stringify({ choice: choice ?? choices[0], reason });
}
