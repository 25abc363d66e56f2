import MarkdownIt, { type Token } from "markdown-it";
import { type ComponentChildren, h, type JSX } from "preact";
import { useMemo } from "preact/hooks";
import { AttachmentView } from "./attachment-view.tsx";

const parser = new MarkdownIt({ html: false, linkify: false, maxNesting: 50 });

/** Elements that Markdown may become. Everything else is shown as its text. */
const ELEMENTS: ReadonlySet<string> = new Set(
  "p h1 h2 h3 h4 h5 h6 ul ol li blockquote strong em s table thead tbody tr th td".split(" "),
);

/** Headings inside a page start below its own. */
const HEADING_SHIFT = 3;

/** Markdown as elements. */
export function MarkdownView({ text }: { text: string }): JSX.Element {
  const nodes = useMemo(() => toNodes(parser.parse(text, {})), [text]);
  return <div class="markdown">{nodes}</div>;
}

interface Open {
  readonly token: Token | undefined;
  readonly children: ComponentChildren[];
}

/** Folds the flat list of tokens (open … close) into a tree of elements. */
function toNodes(tokens: readonly Token[]): ComponentChildren[] {
  const stack: Open[] = [{ token: undefined, children: [] }];
  for (const token of tokens) {
    if (token.nesting === 1) stack.push({ token, children: [] });
    else append(stack, token.nesting === -1 ? close(stack) : leaf(token));
  }
  return stack[0]?.children ?? [];
}

function append(stack: readonly Open[], child: ComponentChildren): void {
  stack.at(-1)?.children.push(child);
}

function close(stack: Open[]): ComponentChildren {
  const closed = stack.length > 1 ? stack.pop() : undefined;
  return closed?.token === undefined ? null : element(closed.token, closed.children);
}

function element(token: Token, children: ComponentChildren[]): ComponentChildren {
  if (token.hidden) return children;
  if (token.tag === "a") return link(token, children);
  if (!ELEMENTS.has(token.tag)) return children;
  return h(shifted(token.tag), { scope: token.tag === "th" ? "col" : undefined }, children);
}

function shifted(tag: string): string {
  const level = /^h([1-6])$/.exec(tag)?.[1];
  return level === undefined ? tag : `h${Math.min(6, Number(level) + HEADING_SHIFT)}`;
}

function link(token: Token, children: ComponentChildren[]): ComponentChildren {
  const href = String(token.attrGet("href") ?? "");
  if (!/^(?:https?:|mailto:)/i.test(href)) return children;
  return (
    <a href={href} rel="noopener noreferrer" target="_blank">
      {children}
    </a>
  );
}

/** Leaves that are drawn as an element of their own. */
const LEAVES: Readonly<Record<string, (token: Token) => ComponentChildren>> = {
  inline: (token) => toNodes(token.children ?? []),
  code_inline: (token) => <code>{token.content}</code>,
  code_block: code,
  fence: code,
  hr: () => <hr />,
  hardbreak: () => <br />,
  softbreak: () => "\n",
  image,
};

/** Pictures from elsewhere would tell their server that this text was read. */
function image(token: Token): ComponentChildren {
  const [, hash] = /^attachment:([\da-f]{64})$/.exec(String(token.attrGet("src") ?? "")) ?? [];
  const name = token.content || "without a name";
  if (hash === undefined) return <span class="chip tone-quiet">image: {name}</span>;
  return <AttachmentView hash={hash} mediaType="image/png" name={name} />;
}

function leaf(token: Token): ComponentChildren {
  return Object.hasOwn(LEAVES, token.type) ? LEAVES[token.type]?.(token) : token.content;
}

function code(token: Token): ComponentChildren {
  return (
    <pre class="code-block">
      <code>{token.content}</code>
    </pre>
  );
}
