import type { JSX } from "preact";
import { EmptyState } from "../components/notices.tsx";
import { PageFrame } from "../components/page.tsx";
import { paths } from "../routing/paths.ts";

/** A route that leads nowhere. */
export function NotFound(): JSX.Element {
  return (
    <PageFrame title="No such page">
      <EmptyState title="Nothing is at this address.">
        <a href={paths.experiments}>Go to the experiments</a>
      </EmptyState>
    </PageFrame>
  );
}
