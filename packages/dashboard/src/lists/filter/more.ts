// Parts of filtering that are loaded when they are first asked for.

export { CellMenu } from "./cell-menu.tsx";
export { FilterTextForm } from "./filter-text-form.tsx";
export { TimeRangePanel } from "./time-range-panel.tsx";
