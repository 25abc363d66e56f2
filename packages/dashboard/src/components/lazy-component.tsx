import type { FunctionComponent, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ErrorNotice, Loading } from "./notices.tsx";

/** A component whose code is loaded when it is first drawn. */
export function lazyComponent<Props extends object>(
  load: () => Promise<FunctionComponent<Props>>,
  Fallback: FunctionComponent<Props> = Loading,
): FunctionComponent<Props> {
  let loaded: FunctionComponent<Props> | undefined;
  return function Lazy(props: Props): JSX.Element {
    const [, setLoaded] = useState(loaded !== undefined);
    const [error, setError] = useState<Error | null>(null);
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then(
        (component) => {
          loaded = component;
          setLoaded(true);
        },
        () => setError(new Error("A part of the dashboard could not be loaded. Reload the page.")),
      );
    }, []);
    if (error !== null) return <ErrorNotice error={error} />;
    const Current = loaded ?? Fallback;
    return <Current {...props} />;
  };
}
