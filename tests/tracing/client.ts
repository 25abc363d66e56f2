import {
  createRivulet,
  type Ids,
  type Rivulet,
  type RivuletOptions,
  type Span,
  type TracingOptions,
} from "@rivulet/core";
import { afterAll, onTestFinished } from "vitest";

/** Noon of a day in 2026, in milliseconds. */
export const NOON = 1_790_000_000_000;

/** A clock that moves when it is told to. */
export interface TestClock {
  (): number;
  advance(milliseconds: number): void;
}

function testClock(): TestClock {
  let time = NOON;
  const clock = (): number => time;
  return Object.assign(clock, {
    advance(milliseconds: number) {
      time += milliseconds;
    },
  });
}

/** Ids that count. */
export function testIds(): Ids {
  let count = 0;
  const hex = (digits: number) => (): string => {
    count += 1;
    return count.toString(16).padStart(digits, "0");
  };
  return {
    experiment: () => String(100 + ++count),
    run: hex(32),
    trace: hex(32),
    span: hex(16),
    entity: hex(32),
  };
}

/** A client on a store in memory, and what a test looks at. */
export interface TestClient {
  readonly rivulet: Rivulet;
  readonly clock: TestClock;
  readonly errors: readonly Error[];
  /** Every span of a trace, as stored, by name. */
  spans(traceId: string): Promise<Readonly<Record<string, Span>>>;
}

/** A client for one test. */
export function openClient(
  tracing: TracingOptions = {},
  options: Pick<RivuletOptions, "store" | "ids"> = {},
): TestClient {
  const client = createClient(tracing, options);
  onTestFinished(() => client.rivulet.close());
  return client;
}

/** A client for the tests of a file, which do not look at each other's traces. */
export function openFileClient(): TestClient {
  const client = createClient({}, {});
  afterAll(() => client.rivulet.close());
  return client;
}

function createClient(
  tracing: TracingOptions,
  options: Pick<RivuletOptions, "store" | "ids">,
): TestClient {
  const clock = testClock();
  const errors: Error[] = [];
  const rivulet = createRivulet({
    store: "memory:",
    ids: testIds(),
    ...options,
    clock,
    tracing,
    onError: (error) => errors.push(error),
  });
  return {
    rivulet,
    clock,
    errors,
    async spans(traceId) {
      await rivulet.flush();
      const spans = await rivulet.traces.loadSpans(traceId);
      return Object.fromEntries(spans.map((span) => [span.name, span]));
    },
  };
}
