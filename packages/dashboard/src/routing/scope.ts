import { useLocation } from "wouter-preact";
import { createObservable, type Observable, useObservable } from "../api/observable.ts";
import { rememberExperiment } from "../settings/recent-experiments.ts";
import { at } from "./at.ts";
import { decodePart } from "./decode.ts";

/** What an experiment has, and the whole store has of all experiments. */
export const SCOPED_PAGES = [
  "overview",
  "runs",
  "traces",
  "sessions",
  "users",
  "evaluations",
] as const;

/** A page that shows one experiment, or all of them. */
export type ScopedPage = (typeof SCOPED_PAGES)[number];

/** The experiment that is looked at; without an id all of them are. */
export interface Scope {
  readonly experimentId?: string | undefined;
}

/** Where a page is for a scope: `/traces`, or `/experiments/1/traces`. */
export function scopedPath(page: ScopedPage, { experimentId }: Scope): string {
  return experimentId === undefined ? `/${page}` : at`/experiments/${experimentId}/${page}`;
}

/** The scope that was last chosen: pages such as a trace are the same in every scope. */
const lastScope: Observable<Scope> = createObservable<Scope>({});

/** The scope of the page that is open, or the last one on pages that belong to none. */
export function useScope(): Scope {
  const [path] = useLocation();
  const last = useObservable(lastScope);
  return readScope(path) ?? last;
}

/** Remembers the scope of a path that has one. */
export function rememberScope(path: string): void {
  const scope = readScope(path);
  if (scope !== undefined && scope.experimentId !== lastScope.get().experimentId) {
    lastScope.set(scope);
    if (scope.experimentId !== undefined) rememberExperiment(scope.experimentId);
  }
}

const OF_EXPERIMENT = /^\/experiments\/([^/]+)/;

/** The experiment that a path such as `/experiments/3/runs` belongs to. */
export function experimentOf(path: string): string | undefined {
  const [, experimentId] = OF_EXPERIMENT.exec(path) ?? [];
  return experimentId === undefined ? undefined : decodePart(experimentId);
}

function readScope(path: string): Scope | undefined {
  const experimentId = experimentOf(path);
  if (experimentId !== undefined) return { experimentId };
  return path === "/" || SCOPED_PAGES.some((page) => path === `/${page}`) ? {} : undefined;
}
