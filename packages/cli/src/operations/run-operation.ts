import { jsonText, type Operation, type Page, type Rivulet } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { writeLine, writeNote } from "../output.ts";
import { describeResult } from "../view/describe-result.ts";
import { confirm } from "./confirm.ts";
import type { OpenFor } from "./open-for.ts";

/** How an operation is run, beside its input. */
export interface RunOptions {
  /** URL of the store. */
  readonly store: string;
  /** Print JSON, as the HTTP API would answer. */
  readonly json: boolean;
  /** Remove without asking. */
  readonly yes?: boolean;
  /** Read all pages of a list. */
  readonly all?: boolean;
  readonly open: OpenFor;
}

type Input = Readonly<Record<string, unknown>>;

/** Most items that `--all` collects. */
const MOST_ITEMS = 10_000;
/** Items of one page of `--all`. */
const PAGE_SIZE = 1000;

/** Runs an operation and prints its result. */
export async function runOperation(
  operation: Operation,
  input: Input,
  options: RunOptions,
): Promise<ExitCode> {
  if (isRemoval(operation) && options.yes !== true && !(await confirm(operation.summary))) {
    writeNote("Nothing was removed.");
    return EXIT.problem;
  }
  await using rivulet = await options.open(operation, options.store);
  const result = options.all
    ? await allPages(operation, rivulet, input)
    : await operation.run(rivulet, input);
  print(operation, result, options);
  return hasFailures(result) ? EXIT.problem : EXIT.ok;
}

/** Whether a change of many could not be made for some. */
function hasFailures(result: unknown): boolean {
  const { changed, failed } = Object(result) as Readonly<Record<string, unknown>>;
  return Array.isArray(changed) && Array.isArray(failed) && failed.length > 0;
}

/** Whether an operation removes something that cannot be restored. */
export function isRemoval({ id }: Operation): boolean {
  const [group, verb = ""] = id.split(".");
  const canBeRestored = operations.some((other) => other.id === `${group}.restore`);
  return /^(?:delete|prune)/.test(verb) && !(verb === "delete" && canBeRestored);
}

async function allPages(
  operation: Operation,
  rivulet: Rivulet,
  input: Input,
): Promise<Page<unknown>> {
  const items: unknown[] = [];
  let next: Pick<Page<unknown>, "nextPageToken"> = {};
  do {
    const { nextPageToken } = next;
    const place = nextPageToken === undefined ? {} : { pageToken: nextPageToken };
    const given = { limit: PAGE_SIZE, ...input, ...place };
    const page = (await operation.run(rivulet, given)) as Page<unknown>;
    items.push(...page.items);
    next = page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken };
  } while (next.nextPageToken !== undefined && items.length < MOST_ITEMS);
  return { items, ...next };
}

function print({ id }: Operation, result: unknown, { json }: RunOptions): void {
  if (result === undefined) {
    if (!json) writeNote(id.includes(".find") ? "Nothing found." : "Done.");
    return;
  }
  writeLine(json ? jsonText(result) : describeResult(id, result));
  if (!json) hintAtNextPage(result);
}

function hintAtNextPage(result: unknown): void {
  const { nextPageToken } = Object(result) as Partial<Page<unknown>>;
  if (typeof nextPageToken === "string") writeNote(`There is more: --page-token ${nextPageToken}`);
}
