import { csvOf } from "../files/csv.ts";
import { saveFile } from "../files/save-file.ts";
import { chartSvg, type SavedChart, SVG_SIZE } from "./chart-svg.ts";

/** Keeps a chart as a file: a picture, or its numbers. */
export async function saveChart(chart: SavedChart, format: "PNG" | "SVG" | "CSV"): Promise<void> {
  const name = `${chart.title.replaceAll(/[^\p{L}\p{N}.-]+/gu, "-")}.${format.toLowerCase()}`;
  if (format === "CSV") return saveFile(name, new Blob([chartCsv(chart)], { type: "text/csv" }));
  const svg = new Blob([chartSvg(chart)], { type: "image/svg+xml" });
  saveFile(name, format === "SVG" ? svg : await toPng(svg));
}

/** One line per point. */
function chartCsv({ curves, axis }: SavedChart): string {
  const lines = curves.flatMap(({ id, label, x, y, raw }) =>
    x.map((place, index) => {
      const at = axis === "time" ? new Date(place * 1000).toISOString() : place;
      const value = (raw ?? y)[index];
      return [label, id, at, value, ...(raw === undefined ? [] : [y[index]])];
    }),
  );
  const isSmoothed = curves.some(({ raw }) => raw !== undefined);
  const x = axis === "relative" ? "seconds" : axis;
  return csvOf([["run", "run_id", x, "value", ...(isSmoothed ? ["smoothed"] : [])], ...lines]);
}

async function toPng(svg: Blob): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  const image = new Image();
  image.src = url;
  await image.decode();
  URL.revokeObjectURL(url);
  const canvas = document.createElement("canvas");
  canvas.width = SVG_SIZE.width * 2;
  canvas.height = SVG_SIZE.height * 2;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error("No picture")) : resolve(blob))),
  );
}
