/** A section of the runbook, as a description links it: a path or an address of `operations.md` with an anchor. */
const link = /(?:https?:\/\/|(?:[\w.-]+\/)*)[^\s()[\]]*operations\.md#[a-z0-9_-]+/;

/**
 * Takes an alarm's description apart: what it means, and the section of docs/operations.md. Undefined for one without a
 * link, or with nothing else.
 */
export function splitDescription(
  text: string,
): { readonly description: string; readonly runbook: string } | undefined {
  const runbook = link.exec(text)?.[0];
  if (runbook === undefined) return undefined;
  const before = text.slice(0, text.indexOf(runbook));
  const description = before.replace(/[\s(]*(?:[Rr]unbook:?|[Ss]ee)?\s*$/, '').trim();
  return description === '' ? undefined : { description, runbook };
}
