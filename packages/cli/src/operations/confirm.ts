import { createInterface } from "node:readline/promises";

/** Where is asked and answered. */
export interface Terminal {
  /** @default stdin */
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** @default stderr, because stdout may be a protocol */
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * Asks before something is removed for good. In scripts and pipes, where nobody can answer, it does not ask.
 *
 * @returns whether to continue
 */
export async function confirm(
  what: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  if (input.isTTY !== true || output.isTTY !== true) return true;
  const terminal = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    const answer = await Promise.race([terminal.question(`${what} Go on? [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
