import { installTelemetry } from "./installation.ts";

export { setRivulet } from "./installation.ts";

installTelemetry();
