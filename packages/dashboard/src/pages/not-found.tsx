import type { JSX } from "preact";
import { EmptyState } from "../components/notices.tsx";
import { PageFrame } from "../components/page.tsx";

/** A route that leads nowhere. */
export function NotFound(): JSX.Element {
  return (
    <PageFrame title="No such page">
      <EmptyState title="Nothing is at this address.">
        <a href="#/">Go to the start</a>
      </EmptyState>
    </PageFrame>
  );
}
