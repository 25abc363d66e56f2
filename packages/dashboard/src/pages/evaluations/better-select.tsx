import type { Better } from "@rivulet/core";
import type { JSX } from "preact";
import { useCan } from "../../api/me.ts";
import { useAction } from "../../api/use-action.ts";
import { notify } from "../../components/toasts.tsx";
import { declareBetter } from "../../questions/experiments.ts";
import { type DirectedScore, metricOfScore } from "./score-directions.ts";

const WORDS: Readonly<Record<"" | Better, string>> = {
  "": "better: not known",
  higher: "higher is better",
  lower: "lower is better",
};

/** Which way a score improves. Who may write says it where it is missed; the experiment keeps it. */
export function BetterSelect({
  score,
  experimentId,
}: {
  score: DirectedScore;
  experimentId: string;
}): JSX.Element {
  const { name } = score;
  const better: "" | Better = score.better ?? "";
  const canWrite = useCan("write");
  const action = useAction(async (chosen: "" | Better) => {
    const declare = (one: "" | Better): Promise<void> =>
      declareBetter({ experimentId, metric: metricOfScore(name), better: one || undefined });
    await declare(chosen);
    notify({ text: `${name}: ${WORDS[chosen]}.`, undo: () => declare(better) });
  });
  if (!canWrite) return <span class="muted better-note">{WORDS[better]}</span>;
  return (
    <>
      <select
        class="better-note"
        aria-label={`Which way ${name} is better`}
        value={better}
        disabled={action.isRunning}
        onChange={(event) => action.run(event.currentTarget.value as "" | Better)}
      >
        {(["", "higher", "lower"] as const).map((value) => (
          <option key={value} value={value}>
            {WORDS[value]}
          </option>
        ))}
      </select>
      {action.error === null ? null : (
        <span class="tone-bad better-note" role="alert">
          {action.error.message}
        </span>
      )}
    </>
  );
}
