import type { Better } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../components/icon.tsx";

type Metrics = Readonly<Record<string, Better>>;

/** Which way the metrics of an experiment improve. */
export function MetricFields({
  metrics,
  onChange,
}: {
  metrics: Metrics;
  onChange: (metrics: Metrics) => void;
}): JSX.Element {
  const [added, setAdded] = useState("");
  const add = (): void => {
    if (added.trim() === "") return;
    onChange({ ...metrics, [added.trim()]: "higher" });
    setAdded("");
  };
  return (
    <fieldset class="tag-fields">
      <legend>Which way metrics are better</legend>
      {Object.entries(metrics).map(([key, better]) => (
        <div class="tag-field" key={key}>
          <span>{key}</span>
          <select
            aria-label={`${key} is better when`}
            value={better}
            onChange={(event) =>
              onChange({ ...metrics, [key]: event.currentTarget.value as Better })
            }
          >
            <option value="higher">higher is better</option>
            <option value="lower">lower is better</option>
          </select>
          <button
            type="button"
            class="icon-button"
            title="Remove"
            onClick={() => onChange(without(metrics, key))}
          >
            <Icon name="cross" />
            <span class="hidden-text">Remove metric {key}</span>
          </button>
        </div>
      ))}
      <div class="tag-field">
        <input
          class="input"
          aria-label="Key of a metric"
          placeholder="loss"
          maxLength={250}
          value={added}
          onInput={(event) => setAdded(event.currentTarget.value)}
        />
        <button type="button" class="button at-start" onClick={add}>
          <Icon name="plus" />
          Add metric
        </button>
      </div>
    </fieldset>
  );
}

function without(metrics: Metrics, key: string): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([one]) => one !== key));
}
