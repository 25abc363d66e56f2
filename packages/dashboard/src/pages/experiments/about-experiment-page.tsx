import type { Experiment } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import { useAction } from "../../api/use-action.ts";
import { useQuery } from "../../api/use-query.ts";
import { Answered } from "../../components/answered.tsx";
import { Tags } from "../../components/chips.tsx";
import { Icon } from "../../components/icon.tsx";
import { ErrorNotice } from "../../components/notices.tsx";
import { Facts, PageFrame, Section } from "../../components/page.tsx";
import { Age } from "../../components/time.tsx";
import { notify } from "../../components/toasts.tsx";
import { Markdown } from "../../content/markdown.tsx";
import { PurgeButton } from "../../lists/bulk/purge-button.tsx";
import { EXPERIMENT_WRITES } from "../../questions/bulk.ts";
import {
  deleteExperiment,
  labelsOf,
  notesOf,
  restoreExperiment,
} from "../../questions/experiments.ts";
import { askExperiment } from "../../questions/tracking.ts";
import type { PageProps } from "../../routes.ts";
import { navigate } from "../../routing/hash-location.ts";
import { paths } from "../../routing/paths.ts";
import { ExperimentDialog } from "./experiment-dialog.tsx";

/** `Default`, which always exists. */
const DEFAULT_ID = "0";

/** What is written about an experiment, and which way its metrics are better. */
export function AboutExperimentPage({ params: { experimentId = "" } }: PageProps): JSX.Element {
  const answer = useQuery(askExperiment(experimentId));
  const experiment = answer.data;
  return (
    <PageFrame
      title={experiment?.name ?? "Experiment"}
      crumbs={[{ label: "Experiments", href: paths.experiments }]}
      actions={experiment === undefined ? null : <Actions experiment={experiment} />}
      facts={experiment === undefined ? null : <ExperimentFacts experiment={experiment} />}
    >
      <Answered answer={answer}>{(loaded) => <About experiment={loaded} />}</Answered>
    </PageFrame>
  );
}

function Actions({ experiment }: { experiment: Experiment }): JSX.Element | null {
  const { id, name, lifecycleStage } = experiment;
  const canWrite = useCan("write");
  const [isEditing, setEditing] = useState(false);
  const remove = useAction(async () => {
    const along = (await EXPERIMENT_WRITES.hiddenWith?.([id])) ?? "";
    await deleteExperiment(id);
    const text = along === "" ? `Deleted ${name}.` : `Deleted ${name} and ${along}.`;
    notify({ text, undo: () => restoreExperiment(id) });
  });
  const restore = useAction(async () => {
    await restoreExperiment(id);
    notify({ text: `${name} is back.`, undo: () => deleteExperiment(id) });
  });
  if (!canWrite) return null;
  const error = remove.error ?? restore.error;
  return (
    <>
      {error === null ? null : <ErrorNotice error={error} />}
      <button type="button" class="button" onClick={() => setEditing(true)}>
        Edit
      </button>
      {lifecycleStage === "deleted" ? (
        <>
          <button type="button" class="button" onClick={() => void restore.run(undefined)}>
            Restore
          </button>
          <PurgeButton
            what={name}
            ids={[id]}
            writes={EXPERIMENT_WRITES}
            onDone={() => navigate("/experiments")}
          />
        </>
      ) : id === DEFAULT_ID ? null : (
        <button type="button" class="button" onClick={() => void remove.run(undefined)}>
          <Icon name="trash" />
          Delete
        </button>
      )}
      {isEditing ? (
        <ExperimentDialog experiment={experiment} onClose={() => setEditing(false)} />
      ) : null}
    </>
  );
}

function ExperimentFacts({ experiment }: { experiment: Experiment }): JSX.Element {
  const { id, createdAt, updatedAt, lifecycleStage } = experiment;
  const labels = labelsOf(experiment);
  return (
    <Facts
      facts={[
        lifecycleStage === "deleted"
          ? ["State", <strong key="state">deleted: lists leave it out</strong>]
          : undefined,
        ["Id", <code key="id">{id}</code>],
        createdAt === 0 ? undefined : ["Created", <Age key="created" time={createdAt} />],
        updatedAt === 0 ? undefined : ["Updated", <Age key="updated" time={updatedAt} />],
        Object.keys(labels).length === 0 ? undefined : ["Tags", <Tags key="tags" tags={labels} />],
      ]}
    />
  );
}

function About({ experiment }: { experiment: Experiment }): JSX.Element {
  const notes = notesOf(experiment);
  const metrics = Object.entries(experiment.metrics);
  return (
    <>
      <Section title="Notes">
        {notes === "" ? (
          <p class="muted">Nobody has written any yet.</p>
        ) : (
          <Markdown text={notes} />
        )}
      </Section>
      <Section title="Metrics">
        {metrics.length === 0 ? (
          <p class="muted">
            Nobody has said yet which way its metrics are better. Comparisons have colours once
            somebody has.
          </p>
        ) : (
          <ul class="better-list">
            {metrics.map(([key, { better }]) => (
              <li key={key}>
                <strong>{key}</strong> <span class="muted">{better} is better</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}
