// What a comparison of runs is drawn as on demand, loaded together.

export { ScatterView } from "./scatter-view.tsx";
export { SweepView } from "./sweep-view.tsx";
