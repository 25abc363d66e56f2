import { GROUPS } from "./operations/groups.ts";

/** The arguments in which the options that most commands have stand after the command, wherever they stood. */
export function withOptionsLast(args: readonly string[]): readonly string[] {
  const [before, [command, ...others]] = splitOptions(args);
  if (command === undefined) return args;
  if (!GROUPS.some(({ name }) => name === command)) return [command, ...before, ...others];
  const [between, [verb, ...rest]] = splitOptions(others);
  if (verb === undefined) return [command, ...between, ...before];
  return [command, verb, ...before, ...between, ...rest];
}

/** The shared options that stand in front, and what follows them. */
function splitOptions(args: readonly string[]): readonly [readonly string[], readonly string[]] {
  let end = 0;
  while (end < args.length) {
    const length = lengthOf(args[end]);
    if (length === 0) break;
    end += length;
  }
  return [args.slice(0, end), args.slice(end)];
}

/** How many arguments an option takes up; 0 for what is no shared option. */
function lengthOf(argument = ""): number {
  if (argument === "--store" || argument === "-s") return 2;
  return argument === "--json" || /^(?:--store=|-s.)/.test(argument) ? 1 : 0;
}
