import type { RivuletError } from "@rivulet/client";
import type { ComponentChildren, JSX } from "preact";
import { isUnanswered } from "../api/reach.ts";
import { type Answer, isMissing } from "../api/use-query.ts";
import { EmptyState, ErrorNotice, Loading } from "./notices.tsx";

/** Shows an answer, or the wait for it, or why there is none. What was known stays in view. */
export function Answered<T>({
  answer,
  children,
}: {
  answer: Answer<T>;
  children: (data: T) => ComponentChildren;
}): JSX.Element {
  const { data, error, retry } = answer;
  if (isMissing(error)) return <Missing error={error} />;
  return (
    <>
      {/* That nobody answers is said once, for the whole page. */}
      {error === null || (data !== undefined && isUnanswered(error)) ? null : (
        <ErrorNotice error={error} retry={retry} />
      )}
      {data === undefined ? error === null ? <Loading /> : null : children(data)}
    </>
  );
}

/** Says that something is not there, in the API's own words. */
export function Missing({ error }: { error: RivuletError }): JSX.Element {
  return (
    <EmptyState title={error.message}>
      <p class="muted">It may have been deleted, or the address is mistyped.</p>
    </EmptyState>
  );
}
