import type { JsonValue, Span, SpanSkeleton } from "@rivulet/core";
import { readMessages } from "@rivulet/domain/messages";
import type { FunctionComponent, JSX } from "preact";
import { useQuery } from "../../../api/use-query.ts";
import { lazyComponent } from "../../../components/lazy-component.tsx";
import { ErrorNotice, Loading } from "../../../components/notices.tsx";
import { Payload } from "../../../content/payload.tsx";
import type { TextDiffProps } from "../../../content/text-diff.tsx";
import { askSpan } from "../../../questions/traces.ts";
import { paths } from "../../../routing/paths.ts";
import type { AlignedSpan } from "./align.ts";

const TextDiff: FunctionComponent<TextDiffProps> = lazyComponent(
  async () => (await import("../../../content/text-diff.tsx")).TextDiff,
);

/** What went in and out of a step in each trace, as a difference of texts. */
export function SpanDiff({ step }: { step: AlignedSpan }): JSX.Element {
  const { name, a, b } = step;
  const left = useQuery(a === undefined ? undefined : askSpan(a.traceId, a.id));
  const right = useQuery(b === undefined ? undefined : askSpan(b.traceId, b.id));
  const error = left.error ?? right.error;
  return (
    <div class="span-panel">
      <div class="section-title">
        <h2>{name}</h2>
        <span class="actions">
          <SpanLink span={a} label="Open in A" />
          <SpanLink span={b} label="Open in B" />
        </span>
      </div>
      {error === null ? null : <ErrorNotice error={error} />}
      {left.isLoading || right.isLoading ? (
        <Loading />
      ) : (
        <>
          <Part title="Input" part={({ input }) => input} a={left.data} b={right.data} />
          <Part title="Output" part={({ output }) => output} a={left.data} b={right.data} />
          <Part
            title="Error"
            part={({ statusMessage }) => statusMessage}
            a={left.data}
            b={right.data}
          />
        </>
      )}
    </div>
  );
}

function SpanLink({
  span,
  label,
}: {
  span: SpanSkeleton | undefined;
  label: string;
}): JSX.Element | null {
  return span === undefined ? null : <a href={paths.trace(span.traceId, span.id)}>{label}</a>;
}

function Part({
  title,
  part,
  a,
  b,
}: {
  title: string;
  part: (span: Span) => JsonValue | undefined;
  a: Span | undefined;
  b: Span | undefined;
}): JSX.Element | null {
  const before = a === undefined ? undefined : part(a);
  const after = b === undefined ? undefined : part(b);
  if (before === undefined && after === undefined) return null;
  if (a === undefined || b === undefined || JSON.stringify(before) === JSON.stringify(after)) {
    const where =
      a === undefined ? "only in B" : b === undefined ? "only in A" : "the same in both";
    return <Payload title={`${title}, ${where}`} value={after ?? before} />;
  }
  return (
    <section class="payload">
      <h3>{title}</h3>
      <TextDiff before={toText(before)} after={toText(after)} beforeName="A" afterName="B" />
    </section>
  );
}

/** Messages as a script of a conversation, text as it is, everything else as JSON. */
function toText(value: JsonValue | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  const messages = readMessages(value);
  if (messages === undefined) return JSON.stringify(value, null, 2);
  return messages
    .map(({ role, content }) => {
      const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
      return `${role}:\n${text}`;
    })
    .join("\n\n");
}
