import type { ClickEvent } from '../../domain/event/click-event';

export type ClickOverrides = Partial<ClickEvent> & Record<string, unknown>;

let clicks = 0;

/** A valid click event; every one has an id of its own. */
export function clickEvent(overrides: ClickOverrides = {}): ClickEvent {
  return {
    eventId: `event-${++clicks}`,
    type: 'page_view',
    timestamp: '2026-03-01T09:59:30.000Z',
    visitorId: 'visitor-1',
    page: '/home',
    ...overrides,
  };
}

export function clickJson(overrides: ClickOverrides = {}): string {
  return JSON.stringify(clickEvent(overrides));
}
