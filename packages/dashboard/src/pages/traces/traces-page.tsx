import type { JSX } from "preact";
import { usePages, useQuery } from "../../api/use-query.ts";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { PageFrame } from "../../components/page.tsx";
import { SearchBox } from "../../components/search-box.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { askTraces } from "../../questions/traces.ts";
import { askExperiment } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { allOf, fromSearchBox, quote, withWords } from "../../search/filter-text.ts";
import { usefulColumns } from "./trace-columns.tsx";

const STATUSES = [
  { value: "", label: "All" },
  { value: "ok", label: "OK" },
  { value: "error", label: "Errors" },
  { value: "in_progress", label: "In progress" },
] as const;

/** All traces, or those of one experiment or session. */
export function TracesPage(): JSX.Element {
  const [text, setText] = useQueryState("filter");
  const [status, setStatus] = useQueryState("status");
  const [order, setOrder] = useQueryState("order", "startTime DESC");
  const [experiment] = useQueryState("experiment");
  const filter = allOf(
    status === "" ? "" : `status = ${quote(status)}`,
    fromSearchBox(text, withWords),
  );
  const experimentIds = experiment === "" ? [] : [experiment];
  const answer = usePages(askTraces({ filter, orderBy: order, experimentIds }));
  return (
    <PageFrame title="Traces" fill crumbs={useExperimentCrumbs(experiment)}>
      <div class="toolbar">
        <SearchBox
          label="Find traces"
          placeholder="Words in any input or output, or a filter: durationMs > 2000 AND tags.env = 'prod'"
          value={text}
          onSearch={setText}
        />
        <Segmented
          label="Status"
          choices={STATUSES}
          value={status as ""}
          onChange={(next) => setStatus(next)}
        />
      </div>
      <DataTable
        label="Traces"
        columns={usefulColumns(answer.data ?? [])}
        answer={answer}
        keyOf={(trace) => trace.id}
        order={order}
        onOrder={setOrder}
        empty={<NoTraces isSearch={filter !== ""} />}
      />
    </PageFrame>
  );
}

function useExperimentCrumbs(
  id: string,
): readonly { readonly label: string; readonly href: string }[] {
  const experiment = useQuery(id === "" ? undefined : askExperiment(id)).data;
  if (id === "") return [];
  return [
    { label: "Experiments", href: paths.experiments },
    { label: experiment?.name ?? id, href: paths.experiment(id) },
  ];
}

function NoTraces({ isSearch }: { isSearch: boolean }): JSX.Element {
  if (isSearch) return <EmptyState title="No trace matches." />;
  return (
    <EmptyState
      title="No traces yet."
      code={`await rivulet.withSpan("answer", async (span) => {
  span.setInput(question);
  span.setOutput(await answer(question));
});`}
    >
      <p class="muted">
        Or pass <code>new RivuletCallbackHandler(rivulet)</code> to LangChain, or import{" "}
        <code>@rivulet/ai-sdk/register</code>.
      </p>
    </EmptyState>
  );
}
