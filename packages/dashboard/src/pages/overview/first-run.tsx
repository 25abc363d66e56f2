import type { JSX } from "preact";
import { useQuery } from "../../api/use-query.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { Icon } from "../../components/icon.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { askAnyRun, askOneTrace } from "../../questions/overview.ts";
import { askExperiment } from "../../questions/tracking.ts";
import { paths } from "../../routing/paths.ts";
import { useQueryState } from "../../routing/query-state.ts";
import type { Scope } from "../../routing/scope.ts";
import { SETUPS, type Setup } from "./setups.ts";
import { experimentsOf } from "./view.ts";

/** What to do while there is nothing to see: code for each kind of app, and a tick when it has worked. */
export function FirstRun({ scope, onDone }: { scope: Scope; onDone: () => void }): JSX.Element {
  const [name, setName] = useQueryState("with", SETUPS[0]?.value ?? "");
  const setup = SETUPS.find(({ value }) => value === name) ?? SETUPS[0];
  return (
    <div class="first-run">
      <Welcome scope={scope} />
      <Segmented label="What do you use?" choices={SETUPS} value={name} onChange={setName} />
      {setup === undefined ? null : <Steps setup={setup} />}
      <Arrival scope={scope} onDone={onDone} />
    </div>
  );
}

function Welcome({ scope: { experimentId } }: { scope: Scope }): JSX.Element {
  const experiment = useQuery(experimentId === undefined ? undefined : askExperiment(experimentId));
  if (experimentId === undefined) {
    return (
      <>
        <h2>Nothing is recorded yet</h2>
        <p class="muted">Choose what your app uses; two steps, and this page fills by itself.</p>
      </>
    );
  }
  return (
    <>
      <h2>{experiment.data?.name ?? "This experiment"} has no traces and no runs yet</h2>
      <p class="muted">
        Records go where they say. For this experiment, give spans{" "}
        <code>{`{ experimentId: "${experimentId}" }`}</code>, or choose another one at the top left.
      </p>
    </>
  );
}

function Steps({ setup }: { setup: Setup }): JSX.Element {
  const { packages, code, language, next } = setup;
  return (
    <ol class="first-steps">
      {packages === undefined ? null : (
        <li>
          <p>Install</p>
          <Code text={`npm install ${packages}`} language="sh" />
        </li>
      )}
      <li>
        <p>{language === "sh" ? "Set" : "Add to your app"}</p>
        <Code text={code} language={language} />
        <p class="muted">{next}</p>
      </li>
    </ol>
  );
}

function Code({ text, language }: { text: string; language: Setup["language"] }): JSX.Element {
  return (
    <div class="copied-code">
      <pre class={`code-line language-${language}`}>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} label="Copy" />
    </div>
  );
}

/** Waits for the first record; live changes tell of it. */
function Arrival({ scope, onDone }: { scope: Scope; onDone: () => void }): JSX.Element {
  const within = experimentsOf(scope);
  const trace = useQuery(askOneTrace({ filter: "", ...within }, "startTime DESC")).data?.items[0];
  const run = useQuery(askAnyRun(within)).data?.items[0];
  if (trace === undefined && run === undefined) {
    return (
      <p class="arrival" role="status">
        <Icon name="running" class="spin" /> Waiting for the first record…
      </p>
    );
  }
  return (
    <p class="arrival" role="status">
      <span class="status tone-good">
        <Icon name="check" /> The first record has arrived:
      </span>{" "}
      {trace !== undefined ? (
        <a href={paths.trace(trace.id)}>{trace.name}</a>
      ) : run !== undefined ? (
        <a href={paths.run(run)}>{run.name}</a>
      ) : null}{" "}
      <button type="button" class="button" onClick={onDone}>
        Show the overview
      </button>
    </p>
  );
}
