import type { ComponentChildren } from 'preact';

/** What scrolls in itself: by keys as well, once it has the focus. */
export function Scrolled({
  label,
  className,
  children,
}: {
  readonly label: string;
  readonly className: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section
      class={className}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus, arrow keys do not scroll it
      tabIndex={0}
      aria-label={label}
    >
      {children}
    </section>
  );
}
