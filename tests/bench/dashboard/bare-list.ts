/** A page with nothing but a virtual list of the rows of a table: the least that scrolling costs. */
export function bareList(rows: readonly (readonly string[])[], rowHeight: number): string {
  return `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; font: 13px system-ui } .table-scroll { height: 100vh; overflow: auto }
.all { position: relative } .row { position: absolute; display: flex; height: ${rowHeight}px; inset-inline: 0 }
.row span { flex: 1; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }
</style><div class="table-scroll"><div class="all"></div></div><script>
const rows = ${JSON.stringify(rows).replaceAll("<", "\\u003c")};
const scroller = document.querySelector(".table-scroll"), all = document.querySelector(".all");
all.style.height = rows.length * ${rowHeight} + "px";
let drawn = "";
const draw = () => {
  const first = Math.max(0, Math.floor(scroller.scrollTop / ${rowHeight}) - 8);
  const end = Math.min(rows.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / ${rowHeight}) + 8);
  if (drawn === first + "-" + end) return;
  drawn = first + "-" + end;
  all.replaceChildren(...rows.slice(first, end).map((cells, index) => {
    const row = document.createElement("div");
    row.className = "row";
    row.style.top = (first + index) * ${rowHeight} + "px";
    row.append(...cells.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
    return row;
  }));
};
scroller.addEventListener("scroll", () => requestAnimationFrame(draw));
draw();
</script>`;
}
