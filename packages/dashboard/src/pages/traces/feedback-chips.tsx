import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { askRowAssessments } from "../../questions/in-cells.ts";
import { AssessmentValue } from "./assessment-value.tsx";

/** Chips that fit into a cell. */
const SHOWN = 2;

/** What was said of a trace, in a cell: the newest first, the reasons on hover. */
export function FeedbackChips({ traceId }: { traceId: string }): JSX.Element | null {
  const all = useQuery(askRowAssessments(traceId)).data ?? [];
  if (all.length === 0) return null;
  const shown = all.toReversed().slice(0, SHOWN);
  return (
    <span class="chips">
      {shown.map((assessment) => (
        <span
          key={assessment.id}
          class="cell-feedback"
          title={[assessment.name, assessment.rationale]
            .filter((text) => text !== undefined)
            .join(": ")}
        >
          <span class="muted">{assessment.name}</span> <AssessmentValue assessment={assessment} />
        </span>
      ))}
      {all.length > SHOWN ? <span class="muted">+{all.length - SHOWN}</span> : null}
    </span>
  );
}
