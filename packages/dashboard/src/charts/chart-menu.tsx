import type { JSX } from "preact";
import { Icon } from "../components/icon.tsx";
import { Menu } from "../components/menu.tsx";
import type { CurveChartProps } from "./curve-chart.tsx";

const FORMATS = ["PNG", "SVG", "CSV"] as const;

/** What else can be done with a chart: pin it, keep it as a file. */
export function ChartMenu({
  title,
  curves,
  view,
  isPinned,
  onPin,
}: Pick<CurveChartProps, "title" | "curves" | "view" | "isPinned" | "onPin">): JSX.Element {
  const save = async (format: (typeof FORMATS)[number]): Promise<void> => {
    const { saveChart } = await import("./save-chart.ts");
    await saveChart({ title, curves, axis: view.axis, isLog: view.isLog }, format);
  };
  return (
    <Menu label={`More of ${title}`} icon="more" isIconOnly>
      {(close) => (
        <div class="menu-list">
          <button
            type="button"
            onClick={() => {
              close();
              onPin();
            }}
          >
            <Icon name="pin" />
            {isPinned ? "Unpin" : "Pin to the top"}
          </button>
          {FORMATS.map((format) => (
            <button
              key={format}
              type="button"
              onClick={() => {
                close();
                void save(format);
              }}
            >
              <Icon name="download" />
              Download {format}
            </button>
          ))}
        </div>
      )}
    </Menu>
  );
}
