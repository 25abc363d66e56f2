import type { PromptEntry, TraceAggregate } from "@rivulet/core";
import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Chip } from "../../components/chips.tsx";
import { Section } from "../../components/page.tsx";
import { formatCost, formatCount, formatShare, formatShort } from "../../format/numbers.ts";
import { formatDuration } from "../../format/times.ts";
import { askPromptUsage } from "../../questions/prompts.ts";
import { paths } from "../../routing/paths.ts";

/** Versions drawn, the newest of those that were used. */
const MOST = 50;

/** What became of the calls with each version: how many, how fast, how dear, and what people said. */
export function PromptUsage({ entry: { name } }: { entry: PromptEntry }): JSX.Element {
  const answer = useQuery(askPromptUsage(name));
  return (
    <Section title="Usage by version">
      <Answered answer={answer}>
        {(groups) => {
          const used = usedVersions(groups, name);
          if (used.length === 0) return <p class="muted">No trace has used this prompt yet.</p>;
          return <UsageTable name={name} used={used} />;
        }}
      </Answered>
    </Section>
  );
}

interface Used {
  readonly version: number;
  readonly sums: TraceAggregate;
}

/** Groups of this prompt alone, newest version first: the traces may have used others, too. */
function usedVersions(groups: readonly TraceAggregate[], name: string): readonly Used[] {
  return groups
    .flatMap((sums) => {
      const reference = sums.group["prompt"] ?? "";
      const version = Number(reference.slice(name.length + 1));
      return reference.startsWith(`${name}/`) && version > 0 ? [{ version, sums }] : [];
    })
    .sort((one, other) => other.version - one.version)
    .slice(0, MOST);
}

function UsageTable({ name, used }: { name: string; used: readonly Used[] }): JSX.Element {
  return (
    <div class="wide-table">
      <table class="plain-table usage-table" aria-label="Usage by version">
        <thead>
          <tr>
            <th scope="col">Version</th>
            {["Calls", "Errors", "p50", "p95", "Tokens", "Cost"].map((label) => (
              <th key={label} scope="col" class="number">
                {label}
              </th>
            ))}
            <th scope="col">Feedback</th>
          </tr>
        </thead>
        <tbody>
          {used.map(({ version, sums }) => (
            <UsageRow key={version} name={name} version={version} sums={sums} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UsageRow({ name, version, sums }: Used & { name: string }): JSX.Element {
  const { count, errorCount, errorRate, durationMs, usage, cost, feedback = {} } = sums;
  const link = (field: string): string =>
    paths.scoped(
      "traces",
      {},
      { clauses: [{ field, operator: "is", value: `${name}/${version}` }] },
    );
  return (
    <tr>
      <th scope="row">
        <a href={paths.prompt(name, version)}>v{version}</a>
      </th>
      <td class="number">
        <a href={link("prompt")}>{formatCount(count)}</a>
      </td>
      <td class="number">
        {errorCount === 0 ? (
          <span class="muted">0</span>
        ) : (
          <a href={link("span.failed.prompt")}>
            {formatCount(errorCount)} ({formatShare(errorRate)})
          </a>
        )}
      </td>
      <td class="number">{durationMs === undefined ? "–" : formatDuration(durationMs.p50)}</td>
      <td class="number">{durationMs === undefined ? "–" : formatDuration(durationMs.p95)}</td>
      <td class="number">
        {usage.totalTokens === undefined ? "–" : formatCount(usage.totalTokens)}
      </td>
      <td class="number">{cost === undefined ? "–" : formatCost(cost)}</td>
      <td>
        <span class="chips">
          {Object.entries(feedback).map(([key, { count: times, mean }]) => (
            <Chip key={key} title={`${times} times`}>
              <span class="muted">{key}</span>{" "}
              {mean === undefined ? `× ${formatCount(times)}` : formatShort(mean)}
            </Chip>
          ))}
        </span>
      </td>
    </tr>
  );
}
