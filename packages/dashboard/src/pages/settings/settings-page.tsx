import type { ComponentChildren, JSX } from "preact";
import { useObservable } from "../../api/observable.ts";
import { PageFrame } from "../../components/page.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { LOCALE } from "../../format/locale.ts";
import { formatMetric } from "../../format/numbers.ts";
import { chooseTimeZone, timeZone } from "../../format/time-zone.ts";
import { formatTime } from "../../format/times.ts";
import { paths } from "../../routing/paths.ts";
import { chooseDensity, density } from "../../settings/density.ts";
import { chooseHomeExperiment, homeExperiment } from "../../settings/home-experiment.ts";
import { ExperimentMenu } from "../../shell/experiment-menu.tsx";
import { chooseTheme, theme } from "../../theme/theme.ts";

/** How this browser shows the dashboard; every choice holds at once. */
export function SettingsPage(): JSX.Element {
  const zone = useObservable(timeZone);
  const home = useObservable(homeExperiment);
  return (
    <PageFrame title="Settings">
      <p class="description">These are kept in this browser, for you alone.</p>
      <dl class="settings">
        <Setting name="Theme" note="System follows what your computer is set to.">
          <Segmented
            label="Theme"
            choices={[
              { value: "system", label: "System" },
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
            value={useObservable(theme)}
            onChange={chooseTheme}
          />
        </Setting>
        <Setting name="Time zone" note={<>It is now {formatTime(Date.now())}.</>}>
          <Segmented
            label="Time zone"
            choices={[
              { value: "local", label: `Local (${localZone()})` },
              { value: "UTC", label: "UTC" },
            ]}
            value={zone}
            onChange={chooseTimeZone}
          />
        </Setting>
        <Setting name="Density" note="Compact lists show a third more rows.">
          <Segmented
            label="Density"
            choices={[
              { value: "comfortable", label: "Comfortable" },
              { value: "compact", label: "Compact" },
            ]}
            value={useObservable(density)}
            onChange={chooseDensity}
          />
        </Setting>
        <Setting name="Start with" note="The experiment that the dashboard opens with.">
          <ExperimentMenu chosen={home} onChoose={chooseHomeExperiment} />
        </Setting>
        <Setting
          name="Numbers and dates"
          note="They follow the language of your browser, and motion what your system is set to."
        >
          <span>
            {languageName()}: {formatMetric(1234.5)}
          </span>
        </Setting>
      </dl>
      <div class="actions">
        <a class="button" href={paths.store}>
          Store and retention
        </a>
      </div>
    </PageFrame>
  );
}

function Setting({
  name,
  note,
  children,
}: {
  name: string;
  note: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children}
        <p class="muted">{note}</p>
      </dd>
    </div>
  );
}

function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function languageName(): string {
  return new Intl.DisplayNames("en", { type: "language" }).of(LOCALE) ?? LOCALE;
}
