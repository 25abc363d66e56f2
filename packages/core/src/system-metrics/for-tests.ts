// For the tests of this package: from sources only, not published.

export { createGpuReader, samplesIn } from "./gpu.ts";
export { monitorSystem, type Sample, type Sampler } from "./system-metrics.ts";
