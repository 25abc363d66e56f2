import type { FunctionComponent, JSX } from "preact";
import { lazyComponent } from "../components/lazy-component.tsx";
import { FoldedText } from "./folded-text.tsx";

/** Longer texts are shown as they are. */
const MAX_LENGTH = 150_000;

const Rendered: FunctionComponent<{ text: string }> = lazyComponent(
  async () => (await import("./markdown-view.tsx")).MarkdownView,
  ({ text }) => <PlainText text={text} />,
);

/** Markdown, drawn as elements: never as HTML text. */
export function Markdown({ text }: { text: string }): JSX.Element {
  if (text.length > MAX_LENGTH || !MAY_BE_MARKDOWN.test(text)) return <PlainText text={text} />;
  return <FoldedText text={text}>{(shown) => <Rendered text={shown} />}</FoldedText>;
}

/** Nothing to render without one of these: no need to load the renderer. */
const MAY_BE_MARKDOWN = /[*_`#[\]>|~]|^\s*(?:[-+]|\d+\.)\s/m;

/** Text with its line breaks. */
export function PlainText({ text }: { text: string }): JSX.Element {
  return (
    <FoldedText text={text}>
      {(shown) => (
        <div class="plain-text" dir="auto">
          {shown}
        </div>
      )}
    </FoldedText>
  );
}
