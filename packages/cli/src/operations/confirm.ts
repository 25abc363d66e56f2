import { createInterface } from "node:readline/promises";

/**
 * Asks before something is removed for good. In scripts and pipes, where nobody can answer, it does not ask.
 *
 * @returns whether to continue
 */
export async function confirm(what: string): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([terminal.question(`${what} Go on? [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
