import type { TraceAggregate } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Question } from "../../api/query-client.ts";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Section } from "../../components/page.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { askFrequent, askTraceSums } from "../../questions/overview.ts";
import { useQueryState } from "../../routing/query-state.ts";
import { quote } from "../../search/filter-text.ts";
import { GroupTable } from "./group-table.tsx";
import { GROUPINGS, type Grouping, MOST, TOP } from "./groupings.ts";
import { selected, type View } from "./view.ts";

/** The same traces by model, provider, prompt and so on: one table, of which the URL says by what. */
export function Breakdown({ view }: { view: View }): JSX.Element {
  const [name, setName] = useQueryState("by", "model");
  const grouping = GROUPINGS.find(({ value }) => value === name) ?? GROUPINGS[0];
  return (
    <Section
      title="Where it goes"
      actions={<Segmented label="Group by" choices={GROUPINGS} value={name} onChange={setName} />}
    >
      {grouping === undefined ? null : grouping.isMany === true ? (
        <ManyGroups key={name} view={view} grouping={grouping} />
      ) : (
        <Groups
          key={name}
          view={view}
          grouping={grouping}
          question={askTraceSums({ ...selected(view), groupBy: [grouping.by] })}
        />
      )}
    </Section>
  );
}

/** Sums up the most frequent alone: there may be as many users as there are people. */
function ManyGroups({ view, grouping }: { view: View; grouping: Grouping }): JSX.Element {
  const field = grouping.field;
  const frequent = useQuery(askFrequent({ ...selected(view), field, limit: MOST }));
  return (
    <Answered answer={frequent}>
      {(values) => {
        const list = values.map(({ value }) => quote(value)).join(", ");
        const question = askTraceSums({
          ...selected(view, view.period, `${field} IN (${list})`),
          groupBy: [grouping.by],
        });
        return values.length === 0 ? (
          <NoGroups grouping={grouping} />
        ) : (
          <Groups view={view} grouping={grouping} question={question} />
        );
      }}
    </Answered>
  );
}

function Groups({
  view,
  grouping,
  question,
}: {
  view: View;
  grouping: Grouping;
  question: Question<readonly TraceAggregate[]>;
}): JSX.Element {
  const [isAll, setAll] = useState(false);
  return (
    <Answered answer={useQuery(question)}>
      {(sums) => {
        const named = sums.filter(({ group }) => group[grouping.by] !== null);
        if (named.length === 0) return <NoGroups grouping={grouping} />;
        return (
          <>
            <GroupTable view={view} grouping={grouping} sums={named} most={isAll ? MOST : TOP} />
            {grouping.isMany === true && named.length >= MOST ? (
              <p class="muted">
                Of the {MOST} with the most traces; others may have cost more or failed more often.
              </p>
            ) : null}
            {named.length > TOP ? (
              <button type="button" class="button more" onClick={() => setAll(!isAll)}>
                {isAll ? `Only the first ${TOP}` : `Show ${Math.min(MOST, named.length)}`}
              </button>
            ) : null}
          </>
        );
      }}
    </Answered>
  );
}

function NoGroups({ grouping: { label } }: { grouping: Grouping }): JSX.Element {
  return <p class="muted">No trace of this time names a {label.toLowerCase()}.</p>;
}
