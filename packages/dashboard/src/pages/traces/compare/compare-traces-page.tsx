import type { SpanSkeleton, Trace } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useQuery } from "../../../api/use-query.ts";
import { Answered } from "../../../components/answered.tsx";
import { EmptyState } from "../../../components/notices.tsx";
import { PageFrame } from "../../../components/page.tsx";
import { StatusBadge } from "../../../components/status.tsx";
import { Age } from "../../../components/time.tsx";
import { askSpans, askTrace } from "../../../questions/traces.ts";
import { paths } from "../../../routing/paths.ts";
import { useQueryState } from "../../../routing/query-state.ts";
import { totalTokens } from "../token-usage.ts";
import { alignSpans } from "./align.ts";
import { ComparedSpans } from "./compared-spans.tsx";
import { CostDifference, DurationDifference, TokenDifference } from "./differences.tsx";
import { SpanDiff } from "./span-diff.tsx";

/** Two traces step by step: what each took more or less, and what went in and out otherwise. */
export function CompareTracesPage(): JSX.Element {
  const [a] = useQueryState("a");
  const [b] = useQueryState("b");
  const before = useQuery(a === "" ? undefined : askTrace(a));
  const after = useQuery(b === "" ? undefined : askTrace(b));
  return (
    <PageFrame
      title="Compare traces"
      crumbs={[{ label: "Traces", href: paths.scoped("traces") }]}
      fill
      actions={
        before.data === undefined || after.data === undefined ? null : (
          <a class="button" href={paths.compareTraces(b, a)}>
            Swap
          </a>
        )
      }
    >
      {a === "" || b === "" ? (
        <EmptyState title="Two traces are needed: tick them in the list." />
      ) : (
        <Answered answer={before}>
          {(left) => (
            <Answered answer={after}>{(right) => <Comparison a={left} b={right} />}</Answered>
          )}
        </Answered>
      )}
    </PageFrame>
  );
}

function Comparison({ a, b }: { a: Trace; b: Trace }): JSX.Element {
  const left = useQuery(askSpans(a.id));
  const right = useQuery(askSpans(b.id));
  return (
    <>
      <Summary a={a} b={b} />
      <Answered answer={left}>
        {(before) => (
          <Answered answer={right}>{(after) => <Steps a={before} b={after} />}</Answered>
        )}
      </Answered>
    </>
  );
}

function Summary({ a, b }: { a: Trace; b: Trace }): JSX.Element {
  return (
    <table class="plain-table compared-traces" aria-label="The two traces">
      <thead>
        <tr>
          <td />
          <th scope="col">Trace</th>
          <th scope="col">Status</th>
          <th scope="col">Started</th>
          <th scope="col">Time</th>
          <th scope="col">Tokens</th>
          <th scope="col">Cost</th>
        </tr>
      </thead>
      <tbody>
        <SummaryRow mark="A" trace={a} />
        <SummaryRow mark="B" trace={b} against={a} />
      </tbody>
    </table>
  );
}

function SummaryRow({
  mark,
  trace,
  against,
}: {
  mark: string;
  trace: Trace;
  against?: Trace;
}): JSX.Element {
  return (
    <tr>
      <th scope="row">{mark}</th>
      <td>
        <a href={paths.trace(trace.id)}>{trace.name}</a>{" "}
        <code class="muted">{trace.id.slice(0, 12)}</code>
      </td>
      <td>
        <StatusBadge status={trace.status} />
      </td>
      <td>
        <Age time={trace.startTime} />
      </td>
      <td class="number">
        <DurationDifference a={against?.durationMs} b={trace.durationMs} />
      </td>
      <td class="number">
        <TokenDifference a={against && totalTokens(against.usage)} b={totalTokens(trace.usage)} />
      </td>
      <td class="number">
        <CostDifference a={against?.cost} b={trace.cost} />
      </td>
    </tr>
  );
}

function Steps({ a, b }: { a: readonly SpanSkeleton[]; b: readonly SpanSkeleton[] }): JSX.Element {
  const rows = useMemo(() => alignSpans(a, b), [a, b]);
  const [chosen, setChosen] = useQueryState("step");
  const selected = rows.find(({ path }) => path === chosen) ?? rows[0];
  return (
    <div class="split">
      <ComparedSpans rows={rows} selected={selected?.path ?? ""} onSelect={setChosen} />
      <div class="resizer" />
      <div class="compared-side">
        {selected === undefined ? null : <SpanDiff key={selected.path} step={selected} />}
      </div>
    </div>
  );
}
