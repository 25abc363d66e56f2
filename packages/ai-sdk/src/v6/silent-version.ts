import { createRequire } from "node:module";
import { join } from "node:path";

/** The first release that tells integrations of its calls. */
const FIRST = [6, 0, 111] as const;

/**
 * Says so when the SDK of this app is a release that tells no integration of its calls: nothing would be recorded, and
 * nothing would be seen of it. Where the SDK is bundled its version is not known, and nothing is said.
 */
export function warnOfSilentVersion(from: string = join(process.cwd(), "app.js")): void {
  const version = installedVersion(from);
  if (version === undefined || !isSilent(version)) return;
  process.emitWarning(
    `AI SDK ${version} tells no telemetry of its calls, so @rivulet/ai-sdk/register records none of them. Call the functions that traceAiSdk(ai, rivulet) of @rivulet/ai-sdk returns, or update to ai@${FIRST.join(".")} or newer.`,
    { type: "RivuletWarning", code: "RIVULET_SILENT_AI_SDK" },
  );
}

function installedVersion(from: string): string | undefined {
  try {
    const { version } = createRequire(from)("ai/package.json") as { readonly version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

function isSilent(version: string): boolean {
  const numbers = version.split(/[.-]/, 3).map(Number);
  const index = FIRST.findIndex((number, at) => numbers[at] !== number);
  return index >= 0 && (numbers[index] ?? 0) < (FIRST[index] ?? 0);
}
