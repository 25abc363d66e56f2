import { useRef } from "preact/hooks";

/** The same list as before while it holds the same rows: an answer comes as a list of its own every time it is drawn. */
export function useSteady<Row>(rows: readonly Row[] | undefined): readonly Row[] | undefined {
  const known = useRef(rows);
  const isSame =
    known.current?.length === rows?.length &&
    rows?.every((row, place) => row === known.current?.[place]) !== false;
  if (!isSame) known.current = rows;
  return known.current;
}
