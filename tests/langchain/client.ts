import {
  createRivulet,
  type Ids,
  openStore,
  type Rivulet,
  type RivuletOptions,
  type Span,
  type Store,
  type Trace,
} from "@rivulet/core";
import { beforeAll, onTestFinished } from "vitest";

/** When the clock of the tests starts, in milliseconds. */
export const START = 1_790_000_000_000;

/** A clock that moves when it is told to. */
interface TestClock {
  (): number;
  advance(milliseconds: number): void;
}

/** A client on a store in memory, and what a test looks at. */
export interface TestClient {
  readonly rivulet: Rivulet;
  readonly clock: TestClock;
  readonly errors: readonly Error[];
  /** Every trace, oldest first. */
  traces(): Promise<readonly Trace[]>;
  /** Every span of every trace, in the order in which they started. */
  spans(): Promise<readonly Span[]>;
  /** The one span of this name. */
  span(name: string): Promise<Span>;
  /** Every trace as text: see {@link traceTree}. */
  tree(): Promise<string>;
}

/** Ids that count, so that they tell the order. */
function countingIds(): Ids {
  let count = 0;
  const hex = (digits: number) => (): string => (++count).toString(16).padStart(digits, "0");
  return { experiment: hex(4), run: hex(32), trace: hex(32), span: hex(16), entity: hex(32) };
}

function testClock(): TestClock {
  let time = START;
  return Object.assign((): number => time, {
    advance(milliseconds: number) {
      time += milliseconds;
    },
  });
}

/** One store for the tests of a file: opening one costs more than most of them. */
let store: Store;

beforeAll(async () => {
  const opened = await openStore("memory:");
  store = { ...opened, close: () => Promise.resolve() };
  return () => opened.close();
});

async function emptyStore(): Promise<void> {
  const rivulet = createRivulet({ store });
  await rivulet.traces.delete((await allTraces(rivulet)).map(({ id }) => id));
  for (const { name } of (await rivulet.prompts.search()).items) await rivulet.prompts.delete(name);
  await rivulet.close();
}

async function allTraces(rivulet: Rivulet): Promise<readonly Trace[]> {
  await rivulet.flush();
  const found: Trace[] = [];
  let pageToken: string | undefined;
  do {
    const page = await rivulet.traces.search(pageToken === undefined ? {} : { pageToken });
    found.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return found.sort((one, other) => (one.id < other.id ? -1 : 1));
}

export function openClient(options: RivuletOptions = {}): TestClient {
  const clock = testClock();
  const errors: Error[] = [];
  const rivulet = createRivulet({
    store,
    ids: countingIds(),
    clock,
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(async () => {
    await rivulet.close();
    await emptyStore();
  });

  const traces = (): Promise<readonly Trace[]> => allTraces(rivulet);

  async function spans(): Promise<readonly Span[]> {
    const found: Span[] = [];
    for (const { id } of await traces()) found.push(...(await rivulet.traces.loadSpans(id)));
    return found.sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  return {
    rivulet,
    clock,
    errors,
    traces,
    spans,
    tree: async () => traceTree(await spans()),
    async span(name) {
      const found = (await spans()).filter((span) => span.name === name);
      const [only] = found;
      if (only === undefined || found.length > 1) {
        throw new Error(`${found.length} spans are named ${name}`);
      }
      return only;
    },
  };
}

/**
 * Spans as text, a line per span, indented under its parent: `type name status`, then the tokens of models as
 * `10+6`. A parent that is not among the spans is an error.
 */
function traceTree(spans: readonly Span[]): string {
  const lines = (parentId: string | undefined, indent: string): readonly string[] =>
    spans
      .filter((span) => span.parentId === parentId)
      .flatMap((span) => [indent + line(span), ...lines(span.id, `${indent}  `)]);
  const tree = lines(undefined, "");
  if (tree.length !== spans.length) {
    throw new Error(`${spans.length - tree.length} spans hang under no span`);
  }
  return tree.join("\n");
}

function line({ type, name, status, usage }: Span): string {
  const tokens = usage === undefined ? [] : [`${usage.inputTokens}+${usage.outputTokens}`];
  return [type, name, status, ...tokens].join(" ");
}

/** A tree as it is written in a test: without the indentation of the code. */
export function tree(strings: TemplateStringsArray): string {
  const lines = (strings[0] ?? "").split("\n").filter((text) => text.trim() !== "");
  const indent = Math.min(...lines.map((text) => text.search(/\S/)));
  return lines.map((text) => text.slice(indent)).join("\n");
}
