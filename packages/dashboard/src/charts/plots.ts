// What draws on a canvas, loaded with the library that does.

export { CurvePlot } from "./curve-plot.tsx";
export { TimePlot } from "./time-plot.tsx";
