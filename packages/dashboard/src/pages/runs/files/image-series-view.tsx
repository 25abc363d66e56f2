import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Age } from "../../../components/time.tsx";
import type { FileHome } from "../../../questions/files.ts";
import { useQueryState } from "../../../routing/query-state.ts";
import { FileHead } from "./file-head.tsx";
import type { ImageSeries } from "./image-series.ts";

/** One picture of a series, and a slider that goes through its steps. The first picture shown is the latest. */
export function ImageSeriesView({
  home,
  series,
}: {
  home: FileHome;
  series: ImageSeries;
}): JSX.Element | null {
  const { key, frames } = series;
  const [place, setPlace] = useQueryState("frame", String(frames.length - 1));
  const id = useId();
  const frame = frames[Number(place)] ?? frames.at(-1);
  if (frame === undefined) return null;
  const { file, step, timestamp } = frame;
  return (
    <>
      <FileHead home={home} file={file} title={key} canDelete={false} />
      <p class="slider frame-slider">
        <label for={id}>Step</label>
        <input
          id={id}
          type="range"
          min="0"
          max={frames.length - 1}
          value={frames.indexOf(frame)}
          aria-valuetext={String(step)}
          onInput={(event) => setPlace(event.currentTarget.value)}
        />
        <output for={id} class="number">
          {step}
        </output>
        <span class="muted">
          {frames.indexOf(frame) + 1} of {frames.length}, <Age time={timestamp} />
        </span>
      </p>
      <img class="artifact-image" src={home.url(file.path)} alt={`${key} at step ${step}`} />
    </>
  );
}
