import type { ComponentChildren, JSX } from "preact";
import { formatCost, formatCount } from "../../../format/numbers.ts";
import { formatDuration } from "../../../format/times.ts";

interface Values {
  /** What it is compared with; left out where there is nothing. */
  readonly a: number | undefined;
  readonly b: number | undefined;
}

/** Changes of less than this share of the value are noise. */
const NOISE = 0.05;

function Difference({
  a,
  b,
  format,
}: Values & { readonly format: (value: number) => string }): JSX.Element | null {
  if (b === undefined) return a === undefined ? null : <span class="muted">{format(a)}</span>;
  return (
    <>
      {format(b)}
      {a === undefined || a === b ? null : (
        <Change tone={toneOf(a, b)}>
          {b > a ? "+" : "−"}
          {format(Math.abs(b - a))}
        </Change>
      )}
    </>
  );
}

function Change({ tone, children }: { tone: string; children: ComponentChildren }): JSX.Element {
  return <span class={`compared-change ${tone}`}>{children}</span>;
}

/** More time, tokens and money is worse. */
function toneOf(a: number, b: number): string {
  if (Math.abs(b - a) < NOISE * Math.max(a, b)) return "muted";
  return b > a ? "tone-bad" : "tone-good";
}

export function DurationDifference(values: Values): JSX.Element {
  return <Difference {...values} format={formatDuration} />;
}

export function TokenDifference(values: Values): JSX.Element {
  return <Difference {...values} format={formatCount} />;
}

export function CostDifference(values: Values): JSX.Element {
  return <Difference {...values} format={formatCost} />;
}
