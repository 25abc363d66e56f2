import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { EmptyState } from "../../components/notices.tsx";
import { askTraceSums } from "../../questions/overview.ts";
import { inBuckets, valuesOf } from "./buckets.ts";
import { GroupTable } from "./group-table.tsx";
import { GROUPINGS, MOST } from "./groupings.ts";
import { selected, type View } from "./view.ts";

const TOOL = GROUPINGS.filter(({ value }) => value === "tool");

/** How often each tool is called, how long it takes, and how often it fails. */
export function ToolsTab({ view }: { view: View }): JSX.Element {
  const { period } = view;
  const tools = useQuery(askTraceSums({ ...selected(view), groupBy: ["tool"] }));
  const course = useQuery(
    askTraceSums({ ...selected(view), groupBy: ["tool"], bucketMs: period.bucketMs }),
  );
  return (
    <div class="overview">
      <Answered answer={tools}>
        {(sums) => {
          const named = sums.filter(({ group }) => group["tool"] !== null);
          return named.length === 0 ? (
            <EmptyState
              title="No tool was called in this time."
              code={`await rivulet.withSpan("find_order", findOrder, { type: "tool" });`}
            />
          ) : (
            TOOL.map((grouping) => (
              <GroupTable
                key="tools"
                view={view}
                grouping={grouping}
                sums={named}
                most={MOST}
                courseOf={(tool) => {
                  const own = course.data?.filter(({ group }) => group["tool"] === tool) ?? [];
                  return valuesOf(inBuckets(own, period), ({ count }) => count, 0);
                }}
              />
            ))
          );
        }}
      </Answered>
    </div>
  );
}
