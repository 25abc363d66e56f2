import { useEffect, useState } from "preact/hooks";

const paper = matchMedia("print");

/** Whether the page is being printed. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(paper.matches);
  useEffect(() => {
    const update = (): void => setPrinting(paper.matches);
    paper.addEventListener("change", update);
    return () => paper.removeEventListener("change", update);
  }, []);
  return isPrinting;
}
