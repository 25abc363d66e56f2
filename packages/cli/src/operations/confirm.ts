import { createInterface } from "node:readline/promises";

/**
 * Asks before something is removed for good. Where nobody can answer, in scripts and pipes, it is not asked.
 *
 * @returns whether to go on
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
