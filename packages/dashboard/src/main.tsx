import "./styles/index.css";
import { render } from "preact";
import { startLive } from "./api/live.ts";
import { queryClient } from "./api/query-client.ts";
import { App } from "./app.tsx";

const root = document.getElementById("app");
if (root !== null) {
  queryClient.mount();
  startLive();
  render(<App />, root);
}
