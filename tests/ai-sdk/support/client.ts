import {
  createRivulet,
  openStore,
  type Rivulet,
  type RivuletOptions,
  type Span,
  type Store,
} from "@rivulet/core";
import { afterAll, onTestFinished } from "vitest";

/** The tests of a file share a store, which takes a while to open; each finds it empty of traces. */
const opened = await openStore("memory:");
afterAll(() => opened.close());
const shared: Store = { ...opened, close: () => Promise.resolve() };
const cleaner = createRivulet({ store: shared });

/** A client on a store in memory, and what a test looks at. */
export interface TestClient {
  readonly rivulet: Rivulet;
  /** What the client was told that must not reach the app. */
  readonly errors: readonly Error[];
  /** All traces as text, the oldest first: one line per span, children indented. */
  trees(): Promise<string>;
  /** All spans with this name, in the order they were started. */
  spans(name: string): Promise<readonly Span[]>;
  /** The only span with this name. */
  span(name: string): Promise<Span>;
}

let count = 0;

/** Ids that count, so that their order is the order of creation. */
function countingIds(): NonNullable<RivuletOptions["ids"]> {
  const next = (digits: number) => (): string => (++count).toString(16).padStart(digits, "0");
  return {
    experiment: next(4),
    run: next(32),
    trace: next(32),
    span: next(16),
    entity: next(32),
  };
}

/** Opens a client, which is closed after the test. */
export function openClient(options: RivuletOptions = {}): TestClient {
  const errors: Error[] = [];
  const rivulet = createRivulet({
    store: shared,
    ids: countingIds(),
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(async () => {
    await rivulet.close();
    const { items } = await cleaner.traces.search({ limit: 1_000 });
    if (items.length > 0) await cleaner.traces.delete(items.map(({ id }) => id));
  });

  async function allSpans(): Promise<readonly Span[]> {
    await rivulet.flush();
    const { items } = await rivulet.traces.search({ limit: 1_000 });
    const loaded = await Promise.all(items.map(({ id }) => rivulet.traces.loadSpans(id)));
    return loaded.flat().sort(byId);
  }

  async function spans(name: string): Promise<readonly Span[]> {
    const all = await allSpans();
    return all.filter((span) => span.name === name);
  }

  return {
    rivulet,
    errors,
    trees: async () => drawTrees(await allSpans()),
    spans,
    async span(name) {
      const [first, ...others] = await spans(name);
      if (first === undefined || others.length > 0) {
        throw new Error(`There are ${others.length + (first ? 1 : 0)} spans named ${name}.`);
      }
      return first;
    },
  };
}

function byId(one: Span, other: Span): number {
  return one.id < other.id ? -1 : 1;
}

function drawTrees(spans: readonly Span[]): string {
  const lines: string[] = [];
  function draw(span: Span, depth: number): void {
    lines.push(`${"  ".repeat(depth)}${drawSpan(span)}`);
    const children = spans.filter(
      ({ traceId, parentId }) => traceId === span.traceId && parentId === span.id,
    );
    for (const child of children) draw(child, depth + 1);
  }
  for (const root of spans) if (root.parentId === undefined) draw(root, 0);
  return lines.join("\n");
}

/** `chat_model chat m: ok, 10+5 tokens`. */
function drawSpan(span: Span): string {
  const { inputTokens, outputTokens, totalTokens } = span.usage ?? {};
  const parts = [
    span.statusMessage === undefined ? span.status : `${span.status} (${span.statusMessage})`,
    ...(outputTokens === undefined ? [] : [`${inputTokens}+${outputTokens} tokens`]),
    ...(outputTokens === undefined && totalTokens !== undefined ? [`${totalTokens} tokens`] : []),
    ...span.events.filter(({ name }) => name !== "exception").map(({ name }) => name),
  ];
  return `${span.type} ${span.name}: ${parts.join(", ")}`;
}

/** The lines of a template, without the indent of its first one. */
export function tree(strings: TemplateStringsArray): string {
  const lines = strings.join("").split("\n").slice(1);
  const indent = (lines[0] ?? "").search(/\S/);
  return lines
    .map((line) => line.slice(indent))
    .join("\n")
    .trimEnd();
}
