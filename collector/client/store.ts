/** Names and texts that outlive the page, of all its site's tabs together. */
export interface Store {
  get(name: string): string | undefined;
  set(name: string, text: string): void;
  remove(name: string): void;
  names(): string[];
}

const prefix = 'clicks:';

/**
 * The site's local storage; where that is forbidden or full, the page's memory. Each event has an entry of its own: tabs are
 * processes of their own, and what one of them read and wrote back would undo what another wrote meanwhile.
 */
export function openStore(): Store {
  const memory = new Map<string, string>();
  let area: Storage | undefined;
  try {
    area = localStorage;
  } catch {
    // Forbidden.
  }
  return {
    get: (name) => memory.get(name) ?? area?.getItem(prefix + name) ?? undefined,
    set(name, text) {
      try {
        area!.setItem(prefix + name, text);
        memory.delete(name);
      } catch {
        memory.set(name, text);
      }
    },
    remove(name) {
      memory.delete(name);
      area?.removeItem(prefix + name);
    },
    names: () => [
      ...memory.keys(),
      ...Object.keys(area ?? {})
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
    ],
  };
}
