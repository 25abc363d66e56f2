import type { SpanSkeleton } from "@rivulet/core";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Chip } from "../../../components/chips.tsx";
import { StatusIcon } from "../../../components/status.tsx";
import { useVirtual } from "../../../components/use-virtual.ts";
import { SpanTypeMark } from "../span-type.tsx";
import { totalTokens } from "../token-usage.ts";
import type { AlignedSpan } from "./align.ts";
import { CostDifference, DurationDifference, TokenDifference } from "./differences.tsx";

const ROW_HEIGHT = 34;

/** The steps of two traces with what the second took more or less. */
export function ComparedSpans({
  rows,
  selected,
  onSelect,
}: {
  rows: readonly AlignedSpan[];
  /** Path of the step whose contents are compared. */
  selected: string;
  onSelect: (path: string) => void;
}): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useVirtual({ scroller, count: rows.length, rowHeight: ROW_HEIGHT });
  return (
    <div ref={scroller} class="compared-steps">
      <table class="compared-table" aria-label="Steps" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Time</th>
            <th scope="col">Tokens</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          <Spacer height={view.before} />
          {rows.slice(view.first, view.end).map((step, offset) => (
            <StepRow
              key={step.path}
              step={step}
              index={view.first + offset}
              isSelected={step.path === selected}
              onSelect={onSelect}
            />
          ))}
          <Spacer height={view.after} />
        </tbody>
      </table>
    </div>
  );
}

/** Stands for the rows that are not in view. */
function Spacer({ height }: { height: number }): JSX.Element {
  return (
    <tr class="compared-space" style={{ height: `${height}px` }}>
      <td />
    </tr>
  );
}

function StepRow({
  step,
  index,
  isSelected,
  onSelect,
}: {
  step: AlignedSpan;
  index: number;
  isSelected: boolean;
  onSelect: (path: string) => void;
}): JSX.Element {
  const { a, b, name, level, path } = step;
  const span = b ?? a;
  return (
    <tr class={isSelected ? "is-selected" : ""} aria-rowindex={index + 2}>
      <th scope="row">
        <div class="span-name" style={{ "--depth": Math.min(level, 8) - 1 }}>
          {span === undefined ? null : <SpanTypeMark type={span.type} />}
          <button
            type="button"
            class="compared-name"
            aria-current={isSelected ? "true" : undefined}
            title={name}
            onClick={() => onSelect(path)}
          >
            {name}
          </button>
          {b === undefined || b.status === "ok" ? null : <StatusIcon status={b.status} />}
          {a === undefined ? <Chip tone="good">only B</Chip> : null}
          {b === undefined ? <Chip tone="warn">only A</Chip> : null}
        </div>
      </th>
      <td class="number">
        <DurationDifference a={durationOf(a)} b={durationOf(b)} />
      </td>
      <td class="number">
        <TokenDifference a={tokensOf(a)} b={tokensOf(b)} />
      </td>
      <td class="number">
        <CostDifference a={a?.cost} b={b?.cost} />
      </td>
    </tr>
  );
}

function durationOf(span: SpanSkeleton | undefined): number | undefined {
  return span?.endTime === undefined ? undefined : span.endTime - span.startTime;
}

function tokensOf(span: SpanSkeleton | undefined): number | undefined {
  return span?.usage === undefined ? undefined : totalTokens(span.usage);
}
