import type { RivuletStats, StoreDescription } from "@rivulet/core";
import type { JSX } from "preact";
import { serverNow } from "../../api/server-clock.ts";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Facts, PageFrame, Section } from "../../components/page.tsx";
import { formatBytes, formatCount } from "../../format/numbers.ts";
import { formatTime } from "../../format/times.ts";
import { askStats, askStore } from "../../questions/store.ts";
import { paths } from "../../routing/paths.ts";
import { isByDefault, policyWords, reasonsWords } from "./retention-words.ts";

/** What the store holds, what retention removes from it, and what waits to be written. */
export function StorePage(): JSX.Element {
  const answer = useQuery(askStore);
  return (
    <PageFrame title="Store" facts={answer.data && <Size description={answer.data} />}>
      <Answered answer={answer}>
        {({ facts, retention }) => (
          <>
            <Section title="How long traces are kept">
              <Retention retention={retention} />
            </Section>
            <Section title="Queue">
              <Queue />
            </Section>
            <Section title="Records">
              <Records rows={facts.rows} />
            </Section>
          </>
        )}
      </Answered>
    </PageFrame>
  );
}

function Size({ description: { store, facts } }: { description: StoreDescription }): JSX.Element {
  return (
    <Facts
      facts={[
        ["Store", <code key="url">{store.url}</code>],
        ["Database", formatBytes(facts.usedBytes)],
        ["Artifacts", formatBytes(facts.artifactBytes)],
        ["Attachments", formatBytes(facts.attachmentBytes)],
        ["Schema", String(facts.schema)],
      ]}
    />
  );
}

function Retention({ retention }: Pick<StoreDescription, "retention">): JSX.Element {
  const { policy, last } = retention;
  return (
    <div class="confirm-text">
      <p>{policy === false ? "All traces are kept." : <Policy retention={retention} />}</p>
      <p>
        {last === undefined
          ? "Nothing has been removed yet."
          : `${formatTime(last.at)}: ${formatCount(last.deleted)} ${last.deleted === 1 ? "trace was" : "traces were"} removed, because ${reasonsWords(last.because)}.`}
      </p>
      <p class="muted">
        Pinned traces stay, and so do those with feedback or an expectation, of an evaluation, or in
        a dataset.{" "}
        <a
          href={paths.scoped(
            "traces",
            {},
            { clauses: [{ field: "pinned", operator: "is", value: "true" }] },
          )}
        >
          Pinned traces
        </a>
      </p>
    </div>
  );
}

function Policy({ retention }: Pick<StoreDescription, "retention">): JSX.Element | null {
  const { policy, isDefault, firstRemovalAt = 0 } = retention;
  if (policy === false) return null;
  if (isDefault && !isByDefault(retention))
    return <>As another app of this store says; this server removes nothing.</>;
  const start = !isDefault
    ? ""
    : firstRemovalAt === 0
      ? ", a day after an app has said so at the earliest"
      : firstRemovalAt > serverNow()
        ? `, from ${formatTime(firstRemovalAt)} on`
        : "";
  return (
    <>
      Traces {policyWords(policy)} are removed{start}.{" "}
      {isDefault ? (
        <>
          This is the default; the option <code>retention</code> of your app says otherwise.
        </>
      ) : null}
    </>
  );
}

function Queue(): JSX.Element {
  return (
    <Answered answer={useQuery(askStats)}>
      {({ journal, errors }) => <QueueFacts journal={journal} errors={errors} />}
    </Answered>
  );
}

function QueueFacts({ journal, errors }: Pick<RivuletStats, "journal" | "errors">): JSX.Element {
  return (
    <Facts
      facts={[
        ["Waiting", formatBytes(journal.pendingBytes)],
        ["Kept in", journal.medium === "spool" ? "files" : "memory"],
        ["Taken", formatCount(journal.appended)],
        ["Dropped", formatCount(journal.dropped)],
        ["Errors", formatCount(errors)],
      ]}
    />
  );
}

function Records({ rows }: { rows: Readonly<Record<string, number>> }): JSX.Element {
  return (
    <table class="plain-table key-values" aria-label="Records">
      <tbody>
        {Object.entries(rows).map(([name, count]) => (
          <tr key={name}>
            <th scope="row">{wordsOf(name)}</th>
            <td class="number">{formatCount(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `Model versions` of `modelVersion`. */
function wordsOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return plural(words.charAt(0).toUpperCase() + words.slice(1));
}

function plural(noun: string): string {
  if (/s$|data$|history$/.test(noun)) return noun;
  return noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}
