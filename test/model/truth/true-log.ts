import type { WindowSize } from '../../../domain/counters/window';
import { dayMs, retentionDays, type Settings } from '../settings';
import { type Decided, type NaiveContent, NaiveIds } from './reference';

/** A delta as it must be: what its events come to, by the log that it was put behind. */
export interface TrueDelta {
  readonly predecessor: string;
  readonly last: string;
  readonly kind: string;
  readonly arrivedAt: number;
  readonly expiresAt: number;
  readonly putAt: number;
  readonly decided: readonly Decided[];
  readonly content: ReadonlyMap<string, NaiveContent>;
}

/** An item as it must be. */
export interface TrueItem {
  readonly added: { readonly last: string; readonly arrivedAt: number; readonly content: NaiveContent }[];
  /** Epoch milliseconds. */
  expiresAt: number;
  /** It was about to expire when more came in: what of it is left nobody says. */
  isUncertain: boolean;
  /** When something was added to it last. */
  addedAt: number;
  /** Where it was put last. */
  seq?: string;
}

/** What a shard's log must come to. */
export class TrueLog {
  readonly deltas: TrueDelta[] = [];
  readonly counted = new Set<number>();
  readonly items = new Map<string, TrueItem>();
  ids: NaiveIds;

  constructor(readonly settings: Settings) {
    this.ids = new NaiveIds(settings.deduplicationSeconds);
  }

  get tail(): string {
    return this.deltas.at(-1)?.last ?? '0';
  }

  add(delta: TrueDelta): void {
    this.deltas.push(delta);
    for (const { event } of delta.decided) {
      this.counted.add(event.ordinal);
      this.ids.add(event, delta.expiresAt);
    }
    const isUntold = delta.decided.some((one) => one.isUntold);
    for (const [name, content] of delta.content) {
      let item = this.items.get(name);
      // What has long expired is gone, whether it was deleted or not.
      if (!item || (isLongOver(item, delta.putAt) && item.addedAt < delta.putAt - dayMs))
        item = { added: [], expiresAt: 0, isUncertain: false, addedAt: 0 };
      this.items.set(name, item);
      const days = retentionDays[/ (\w+)#/.exec(name)![1] as WindowSize];
      const isOver = (at: number): boolean => at <= delta.putAt + dayMs;
      if (item.added.length > 0 && isOver(item.expiresAt)) item.isUncertain = true;
      item.expiresAt = Math.max(item.expiresAt, Math.floor((delta.arrivedAt + days * dayMs) / 1000) * 1000);
      if (isOver(item.expiresAt)) item.isUncertain = true;
      item.addedAt = delta.putAt;
      item.added.push({ last: delta.last, arrivedAt: delta.arrivedAt, content });
      if (isUntold || (delta.kind === 'rebuild' && content.counts.size === 0)) item.isUncertain = true;
    }
  }
}

/** Whether an item expired so long ago that all that was added to it had been compacted before. */
export function isLongOver({ expiresAt }: TrueItem, now: number): boolean {
  return expiresAt < now - dayMs;
}
