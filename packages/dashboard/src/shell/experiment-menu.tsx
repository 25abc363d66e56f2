import type { JSX } from "preact";
import { useQuery } from "../api/use-query.ts";
import { lazyComponent } from "../components/lazy-component.tsx";
import { Menu } from "../components/menu.tsx";
import { askExperiment } from "../questions/tracking.ts";
import type { ExperimentListProps } from "./rare/experiment-list.tsx";

const ExperimentList = lazyComponent<ExperimentListProps>(
  async () => (await import("./rare.ts")).ExperimentList,
);

/** A button with the name of an experiment, that chooses another. */
export function ExperimentMenu({ chosen, onChoose }: ExperimentListProps): JSX.Element {
  const known = useQuery(chosen === undefined ? undefined : askExperiment(chosen));
  const name = chosen === undefined ? "All experiments" : (known.data?.name ?? chosen);
  return (
    <div class="switcher">
      <Menu label={name} title={name} icon="experiments" hasChevron>
        {(close) => (
          <ExperimentList
            chosen={chosen}
            onChoose={(id) => {
              close();
              onChoose(id);
            }}
          />
        )}
      </Menu>
    </div>
  );
}
