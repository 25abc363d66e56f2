import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Section } from "../../components/page.tsx";
import { Age } from "../../components/time.tsx";
import { formatCount } from "../../format/numbers.ts";
import { askErrorGroups } from "../../questions/overview.ts";
import { paths } from "../../routing/paths.ts";
import { is, selected, tracesOf, type View } from "./view.ts";

/** Failures asked for, and those shown: the API has the most frequent first, people want the newest. */
const ASKED = 50;
const SHOWN = 6;

/** What fails, by message, the newest first. */
export function Failures({ view }: { view: View }): JSX.Element {
  const groups = useQuery(askErrorGroups({ ...selected(view), limit: ASKED }));
  return (
    <Section
      title="Newest failures"
      actions={<a href={tracesOf(view, { clauses: is("status", "error") })}>All failed traces</a>}
    >
      <Answered answer={groups}>
        {(all) =>
          all.length === 0 ? (
            <p class="muted">Nothing failed in this time.</p>
          ) : (
            <ul class="rows">
              {[...all]
                .sort((a, b) => b.lastTime - a.lastTime)
                .slice(0, SHOWN)
                .map(({ fingerprint, pattern, count, lastTime, traceId, spanName }) => (
                  <li key={fingerprint}>
                    <a
                      class="row-main"
                      href={tracesOf(view, { clauses: is("error.fingerprint", fingerprint) })}
                    >
                      {pattern === "" ? "Failed without a message" : pattern}
                    </a>
                    <span class="row-facts muted">
                      {formatCount(count)} {count === 1 ? "trace" : "traces"} · in {spanName} ·{" "}
                      <a href={paths.trace(traceId)}>
                        latest <Age time={lastTime} />
                      </a>
                    </span>
                  </li>
                ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}
