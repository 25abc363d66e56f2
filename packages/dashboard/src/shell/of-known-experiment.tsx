import type { FunctionComponent, JSX } from "preact";
import { isMissing, useQuery } from "../api/use-query.ts";
import { Missing } from "../components/answered.tsx";
import { PageFrame } from "../components/page.tsx";
import { askExperiment } from "../questions/tracking.ts";
import type { PageProps } from "../routes.ts";

/** The same page, which says so when the experiment of its address is not there. */
export function ofKnownExperiment(
  Page: FunctionComponent<PageProps>,
): FunctionComponent<PageProps> {
  return function OfKnownExperiment({ params }: PageProps): JSX.Element {
    const { experimentId } = params;
    const { error } = useQuery(
      experimentId === undefined ? undefined : askExperiment(experimentId),
    );
    if (!isMissing(error)) return <Page params={params} />;
    return (
      <PageFrame title="No such experiment">
        <Missing error={error} />
      </PageFrame>
    );
  };
}
