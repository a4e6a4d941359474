export interface DimensionTitle {
  readonly one: string;
  readonly many: string;
}

const titles: Readonly<Record<string, DimensionTitle>> = {
  page: { one: 'Page', many: 'Pages' },
  referrer: { one: 'Referrer', many: 'Referrers' },
  element: { one: 'Element', many: 'Elements' },
  device: { one: 'Device', many: 'Devices' },
  type: { one: 'Type', many: 'Types' },
  status: { one: 'Status', many: 'Status' },
  invalid: { one: 'Reason', many: 'Invalid lines' },
};

/** Dimensions that figures show, not tables. */
const inCards = ['total', 'bot', 'late', 'duplicate', 'invalid'];

/** Any dimension has a title: one that is added in `domain/` shows up here by itself. */
export function dimensionTitle(name: string): DimensionTitle {
  const words = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return titles[name] ?? { one: words, many: words };
}

const first = ['page', 'referrer', 'element', 'device', 'type', 'status'];

/** The dimensions that have a table, in the order of the page. */
export function tableDimensions(names: readonly string[]): readonly string[] {
  const listed = names.filter((name) => !inCards.includes(name));
  return [
    ...first.filter((name) => listed.includes(name)),
    ...listed.filter((name) => !first.includes(name)),
  ];
}
