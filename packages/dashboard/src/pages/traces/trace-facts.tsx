import type { Trace } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { PromptLinks, Tags } from "../../components/chips.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { type Fact, Facts } from "../../components/page.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { Age, Duration } from "../../components/time.tsx";
import { formatCost, formatCount } from "../../format/numbers.ts";
import { askSpans } from "../../questions/traces.ts";
import { paths } from "../../routing/paths.ts";
import { costWords, unpricedModels } from "./cost-words.ts";
import { describeUsage, totalTokens } from "./token-usage.ts";

/** The facts under a trace's name. */
export function TraceFacts({ trace }: { trace: Trace }): JSX.Element {
  // The page asks for the spans, too: they are fetched once.
  const { data: spans = [] } = useQuery(askSpans(trace.id));
  const counted = spans.filter(({ uncounted }) => uncounted === undefined);
  const cost = costWords(trace.cost, unpricedModels(counted));
  return <Facts facts={[...basics(trace, cost), ...links(trace), ...extras(trace)]} />;
}

function basics(trace: Trace, cost: string | undefined): readonly (Fact | undefined)[] {
  const tokens = totalTokens(trace.usage);
  return [
    ["Status", <StatusBadge key="status" status={trace.status} />],
    ["Latency", <Duration key="latency" start={trace.startTime} end={trace.endTime} />],
    tokens === undefined
      ? undefined
      : [
          "Tokens",
          <span key="tokens" class="number" title={describeUsage(trace.usage)}>
            {formatCount(tokens)}
          </span>,
        ],
    cost === undefined ? undefined : ["Cost", cost],
    trace.judgeTokens === undefined ? undefined : ["Judges", judgeWords(trace)],
    ["Started", <Age key="age" time={trace.startTime} />],
    ["Spans", spansWord(trace)],
    trace.pinned === true ? ["Pinned", "kept whatever its age"] : undefined,
  ];
}

/** What its scorers' models took, which is no part of the rest. */
function judgeWords({ judgeTokens = 0, judgeCost }: Trace): string {
  const tokens = `${formatCount(judgeTokens)} tokens`;
  return judgeCost === undefined ? tokens : `${tokens}, ${formatCost(judgeCost)}`;
}

function spansWord({ spanCount, errorCount }: Trace): string {
  return errorCount === 0 ? String(spanCount) : `${spanCount}, ${errorCount} with errors`;
}

function links(trace: Trace): readonly (Fact | undefined)[] {
  const { sessionId, userId, runId, experimentId } = trace;
  return [
    sessionId === undefined
      ? undefined
      : [
          "Session",
          <a key="session" href={paths.session(sessionId)}>
            {sessionId}
          </a>,
        ],
    userId === undefined
      ? undefined
      : [
          "User",
          <a key="user" href={paths.user(userId)}>
            {userId}
          </a>,
        ],
    runId === undefined
      ? undefined
      : [
          "Run",
          <a key="run" href={paths.run({ experimentId, id: runId })}>
            {runId.slice(0, 12)}
          </a>,
        ],
  ];
}

function extras(trace: Trace): readonly (Fact | undefined)[] {
  return [
    trace.prompts.length === 0
      ? undefined
      : ["Prompts", <PromptLinks key="prompts" prompts={trace.prompts} />],
    Object.keys(trace.tags).length === 0
      ? undefined
      : ["Tags", <Tags key="tags" tags={trace.tags} />],
    [
      "Id",
      <span key="id">
        <code>{trace.id.slice(0, 12)}</code>
        <CopyButton text={trace.id} label="Copy the trace's id" />
      </span>,
    ],
  ];
}
