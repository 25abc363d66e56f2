import { hash } from "node:crypto";
import { LIMITS, type SpanSkeleton } from "@rivulet/domain";
import { toMicros } from "../values.ts";
import type { TraceSummary } from "./trace-summary.ts";

/** What of a span tells why its trace failed. */
export type Failure = Pick<
  SpanSkeleton,
  "id" | "parentId" | "startTime" | "status" | "statusMessage"
>;

/** Why a trace failed. */
export type ErrorPreview = Pick<TraceSummary, "errorPreview" | "errorSource">;

/** Lets a failed span say why its trace failed, unless one that comes before it has done so. */
export function noteError(preview: ErrorPreview, span: Failure): void {
  const { status, statusMessage = "" } = span;
  if (status !== "error" || statusMessage === "") return;
  const source = sourceOf(span);
  if (preview.errorSource !== undefined && preview.errorSource <= source) return;
  preview.errorSource = source;
  preview.errorPreview = statusMessage.slice(0, LIMITS.preview);
}

/** The root comes first, then what started first. */
function sourceOf({ id, parentId, startTime }: Failure): string {
  const start = String(Math.max(0, toMicros(startTime))).padStart(16, "0");
  return `${parentId === undefined ? 0 : 1} ${start} ${id}`;
}

/** What identifies the failures of a pattern: 16 hex digits. */
export function fingerprintOf(pattern: string): string {
  return hash("sha256", pattern, "hex").slice(0, 16);
}
