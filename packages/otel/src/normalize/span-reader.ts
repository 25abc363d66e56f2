import type { SpanType } from "@rivulet/core";
import type { Convention, Readings, SpanView } from "./convention.ts";
import type { OtelEvent, OtelSpan } from "./otel-span.ts";
import { CONVENTIONS, PRIORITY } from "./priority.ts";
import { SpanAttributes } from "./span-attributes.ts";

/** Reads one span by the conventions that it speaks. */
export class SpanReader implements SpanView {
  readonly span: OtelSpan;
  readonly attributes: SpanAttributes;
  readonly type: SpanType;
  readonly #spoken: ReadonlySet<Convention>;
  #told: Set<OtelEvent> | undefined;

  constructor(span: OtelSpan) {
    this.span = span;
    this.attributes = new SpanAttributes(span.attributes);
    this.#spoken = new Set(spokenBy(span, this.attributes.names));
    this.type = "unknown";
    this.type = this.first("type") ?? "unknown";
  }

  /** The first answer. */
  first<K extends keyof Readings>(fact: K): Readings[K] | undefined {
    for (const convention of PRIORITY[fact]) {
      if (!this.#spoken.has(convention)) continue;
      const answer = convention.read[fact]?.(this);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  /** All answers as one object: the first that has a field counts. */
  joined<K extends "model" | "usage" | "settings" | "details" | "outcome" | "tags" | "metadata">(
    fact: K,
  ): Readings[K] | undefined {
    let whole: Record<string, unknown> | undefined;
    for (const convention of PRIORITY[fact]) {
      const answer = this.#spoken.has(convention) ? convention.read[fact]?.(this) : undefined;
      if (answer === undefined) continue;
      for (const [name, value] of Object.entries(answer)) {
        if (value === undefined || value === "" || (whole && Object.hasOwn(whole, name))) continue;
        whole ??= {};
        whole[name] = value;
      }
    }
    return whole as Readings[K] | undefined;
  }

  takeEvents(is: (event: OtelEvent) => boolean): readonly OtelEvent[] {
    const taken = (this.span.events ?? []).filter(
      (event) => is(event) && this.#told?.has(event) !== true,
    );
    this.#told ??= new Set();
    for (const event of taken) this.#told.add(event);
    return taken;
  }

  /** Events of which nothing was taken. */
  otherEvents(): readonly OtelEvent[] {
    const told = this.#told;
    const { events = [] } = this.span;
    return told === undefined ? events : events.filter((event) => !told.has(event));
  }
}

const ROOT = /^[^.:]*/;

function spokenBy(
  { scope, events = [] }: OtelSpan,
  names: readonly string[],
): readonly Convention[] {
  const roots = new Set(names.map((name) => ROOT.exec(name)?.[0] ?? name));
  const scopeName = scope?.name ?? "";
  return CONVENTIONS.filter(
    (convention) =>
      convention.roots.some((root) => roots.has(root)) ||
      convention.scopes?.test(scopeName) === true ||
      (convention.events !== undefined && events.some(({ name }) => convention.events?.test(name))),
  );
}
