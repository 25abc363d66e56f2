import { onTestFinished } from "vitest";

const globals = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[] };

/** Installs an integration for every call of both majors, until the end of the test. */
export function installForTest(integration: object): void {
  const before = globals.AI_SDK_TELEMETRY_INTEGRATIONS;
  globals.AI_SDK_TELEMETRY_INTEGRATIONS = [...(before ?? []), integration];
  onTestFinished(() => {
    if (before === undefined) delete globals.AI_SDK_TELEMETRY_INTEGRATIONS;
    else globals.AI_SDK_TELEMETRY_INTEGRATIONS = before;
  });
}

/** What is installed now. */
export function installedIntegrations(): readonly unknown[] {
  return globals.AI_SDK_TELEMETRY_INTEGRATIONS ?? [];
}
