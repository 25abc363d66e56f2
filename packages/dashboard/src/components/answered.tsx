import type { ComponentChildren, JSX } from "preact";
import type { Answer } from "../api/use-query.ts";
import { ErrorNotice, Loading } from "./notices.tsx";

/** Shows an answer, or the wait for it, or why there is none. What was known stays in view. */
export function Answered<T>({
  answer,
  children,
}: {
  answer: Answer<T>;
  children: (data: T) => ComponentChildren;
}): JSX.Element {
  const { data, error, retry } = answer;
  return (
    <>
      {error === null ? null : <ErrorNotice error={error} retry={retry} />}
      {data === undefined ? error === null ? <Loading /> : null : children(data)}
    </>
  );
}
