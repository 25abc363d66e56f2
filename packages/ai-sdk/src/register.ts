import { installTelemetry } from "./installation.ts";

import { warnOfSilentVersion } from "./v6/silent-version.ts";

export { setRivulet } from "./installation.ts";

warnOfSilentVersion();
installTelemetry();
