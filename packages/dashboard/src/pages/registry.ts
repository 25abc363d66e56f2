// Pages of experiments, datasets and models, whose code is loaded together.

export { DatasetPage } from "./datasets/dataset-page.tsx";
export { DatasetsPage } from "./datasets/datasets-page.tsx";
export { AboutExperimentPage } from "./experiments/about-experiment-page.tsx";
export { ExperimentsPage } from "./experiments/experiments-page.tsx";
export { LoggedModelPage } from "./models/logged-model-page.tsx";
export { ModelPage } from "./models/model-page.tsx";
export { ModelVersionPage } from "./models/model-version-page.tsx";
export { ModelsPage } from "./models/models-page.tsx";
