import { RivuletError } from "@rivulet/client";
import type { ComponentChildren, JSX } from "preact";
import { lookUp } from "../format/look-up.ts";
import { Icon } from "./icon.tsx";

/** What went wrong, in the API's own words and code. */
export function ErrorNotice({ error, retry }: { error: Error; retry?: () => void }): JSX.Element {
  const code = error instanceof RivuletError ? error.code : "internal";
  const advice = lookUp(ADVICE, code);
  return (
    <div class="notice tone-bad" role="alert">
      <Icon name="warning" />
      <div>
        <p>{error.message}</p>
        <p class="muted">
          <code>{code}</code> {advice}
        </p>
      </div>
      {retry === undefined ? null : (
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

const ADVICE: Readonly<Record<string, string>> = {
  permission_denied: "You are looking at Rivulet with read-only access; ask its owner for more.",
  unauthenticated: "Sign in to the app that serves this dashboard, then try again.",
  conflict: "Somebody else changed this meanwhile. Look at the new state, then try again.",
  store_unavailable: "The store cannot be reached at the moment.",
};

/** Nothing is here yet, and this is the line that changes it. */
export function EmptyState({
  title,
  code,
  children,
}: {
  title: string;
  code?: string;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
      {code === undefined ? null : (
        <pre class="code-line">
          <code>{code}</code>
        </pre>
      )}
    </div>
  );
}

/** Bars that stand for what is on its way. */
export function Loading(): JSX.Element {
  return (
    <div class="loading" role="status">
      <span class="hidden-text">Loading</span>
      <span class="loading-bar" />
      <span class="loading-bar" />
      <span class="loading-bar" />
    </div>
  );
}
