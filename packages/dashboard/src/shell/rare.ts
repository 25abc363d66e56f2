// What is opened now and then, and loaded together.

export { ExperimentList } from "./rare/experiment-list.tsx";
export { Palette } from "./rare/palette.tsx";
export { ShortcutMap } from "./rare/shortcut-map.tsx";
