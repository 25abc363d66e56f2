/** A value for people, by the name of its field. */
export function formatValue(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return formatNumber(name, value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.map(formatItem).join(", ");
  return Object.entries(value)
    .map(([key, part]) => `${key}=${formatPart(part)}`)
    .join(" ");
}

/** An item of a list: what has a name and a mean is a score, what has a key is a metric. */
function formatItem(item: unknown): string {
  if (typeof item !== "object" || item === null) return String(item);
  const { name, key, mean, value } = item as Readonly<Record<string, unknown>>;
  const figure = mean ?? value;
  const title = name ?? key;
  if (typeof title !== "string" || typeof figure !== "number") return JSON.stringify(item);
  const notes = notesOf(item);
  return `${title}=${short(figure)}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`;
}

/** What there is to say of a metric of many runs: the best of them, and which the mean is without. */
function notesOf(item: object): readonly string[] {
  const { best, failed, diverged } = item as Readonly<Record<string, unknown>>;
  return [
    ...(isRanked(best) ? [`best ${formatRanked(best)}`] : []),
    ...(Number(failed) > 0 ? [`${failed} failed`] : []),
    ...(Number(diverged) > 0 ? [`${diverged} diverged`] : []),
  ];
}

/** One of several runs by one of their metrics. */
interface Ranked {
  readonly name: string;
  readonly value: number;
}

function isRanked(part: unknown): part is Ranked {
  const { name, value } = Object(part) as Readonly<Record<string, unknown>>;
  return typeof name === "string" && typeof value === "number";
}

function formatRanked({ name, value }: Ranked): string {
  return `${short(value)}: ${name}`;
}

function formatPart(part: unknown): string {
  if (typeof part === "number") return short(part);
  if (typeof part === "string") return part;
  if (hasMean(part)) return short(part.mean);
  return isSplit(part) ? formatSplit(part) : JSON.stringify(part);
}

/** A sum of feedback: people look at its mean, `--json` has the rest. */
function hasMean(part: unknown): part is { readonly mean: number } {
  const { mean } = Object(part) as Readonly<Record<string, unknown>>;
  return typeof mean === "number";
}

interface Arm {
  readonly version: number;
  readonly weight: number;
}

function isSplit(part: unknown): part is readonly Arm[] {
  return Array.isArray(part) && part.every((arm) => arm?.version > 0 && arm?.weight > 0);
}

/** Where an alias of a prompt points: `3`, or with weights `3:0.9,4:0.1`. */
function formatSplit(arms: readonly Arm[]): string {
  const [only, another] = arms;
  if (only !== undefined && another === undefined) return String(only.version);
  return arms.map(({ version, weight }) => `${version}:${short(weight)}`).join(",");
}

function formatNumber(name: string, value: number): string {
  // Nobody has made the experiment Default.
  if (value === 0 && /^(?:created|updated)At$/.test(name)) return "";
  if (/(?:Time|At|Timestamp|^at|^timestamp|^bucket)$/.test(name)) return formatTime(value);
  if (/(?:Ms|^duration)$/.test(name)) return formatDuration(value);
  return short(value);
}

/** `2026-01-31 12:00:00Z`. */
function formatTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  if (Number.isNaN(time.getTime())) return String(milliseconds);
  return time
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "Z");
}

function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${short(milliseconds)} ms`;
  return milliseconds < 120_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${(milliseconds / 60_000).toFixed(1)} min`;
}

/** Six digits; all of those before the point. */
function short(value: number): string {
  const isWhole = Math.abs(value) >= 1e6 && Math.abs(value) < 1e21;
  if (Number.isInteger(value)) return String(value);
  return isWhole ? value.toFixed(0) : String(Number(value.toPrecision(6)));
}
