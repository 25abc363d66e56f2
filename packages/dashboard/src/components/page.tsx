import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A step on the way to a page. */
export interface Crumb {
  readonly label: string;
  readonly href: string;
}

/** The first page is opened by the browser; on later ones the focus is ours to move. */
let isFirstPage = true;

/** The frame of every page: way, title, actions, content. The title takes the focus when the route changes. */
export function PageFrame({
  title,
  crumbs = [],
  actions,
  facts,
  fill = false,
  children,
}: {
  title: string;
  crumbs?: readonly Crumb[];
  actions?: ComponentChildren;
  facts?: ComponentChildren;
  /** The content fills the window and scrolls by itself. */
  fill?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Rivulet`;
  }, [title]);
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus({ preventScroll: true });
    isFirstPage = false;
  }, []);
  return (
    <div class={fill ? "page page-fill" : "page"}>
      <header class="page-header">
        <Breadcrumb crumbs={crumbs} />
        <div class="page-title">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          <div class="actions">{actions}</div>
        </div>
        {facts}
      </header>
      {children}
    </div>
  );
}

function Breadcrumb({ crumbs }: { crumbs: readonly Crumb[] }): JSX.Element | null {
  if (crumbs.length === 0) return null;
  return (
    <nav aria-label="Breadcrumb" class="crumbs">
      <ol>
        {crumbs.map(({ label, href }) => (
          <li key={href}>
            <a href={href}>{label}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** One fact of {@link Facts}; without a value it is not shown. */
export type Fact = readonly [label: string, value: ComponentChildren];

/** Facts in a row under the title. */
export function Facts({ facts }: { facts: readonly (Fact | undefined)[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map((fact) =>
        fact === undefined ? null : (
          <div key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** A titled part of a page. */
export function Section({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="section">
      <div class="section-title">
        <h2>{title}</h2>
        <div class="actions">{actions}</div>
      </div>
      {children}
    </section>
  );
}
