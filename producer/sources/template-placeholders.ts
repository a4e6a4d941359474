import { isObject } from '../../domain/json/json-object';
import { type Random, weightedPick } from '../../domain/numbers/random';
import { defaultSite } from '../traffic/default-site';
import { formatDate, unknownToken } from './template-dates';

/** A value for one event: its own random numbers, and the time at which it happens. */
export type Maker = (random: Random, at: number) => unknown;

interface Placeholder {
  /** How it may be written. */
  readonly usage: readonly string[];
  /** Undefined for arguments that it does not take; a text says what is wrong with one. */
  compile(args: readonly unknown[]): Maker | string | undefined;
}

const firstNames = [
  'Ada',
  'Bo',
  'Chidi',
  'Dana',
  'Emil',
  'Farah',
  'Goran',
  'Hana',
  'Ines',
  'Jun',
  'Kofi',
  'Lena',
];
const lastNames = [
  'Adler',
  'Brook',
  'Costa',
  'Dietz',
  'Eriksen',
  'Fonseca',
  'Garcia',
  'Hill',
  'Ito',
  'Jansen',
];
const cities = ['Aarhus', 'Bergen', 'Cork', 'Dakar', 'Essen', 'Fukuoka', 'Graz', 'Haifa', 'Izmir', 'Jaipur'];
const countries = [
  ['DE', 'Germany'],
  ['FR', 'France'],
  ['IN', 'India'],
  ['JP', 'Japan'],
  ['KE', 'Kenya'],
  ['BR', 'Brazil'],
  ['US', 'United States of America'],
] as const;
const products = ['Tent', 'Backpack', 'Boots', 'Stove', 'Lamp', 'Rope', 'Bottle', 'Jacket', 'Map', 'Knife'];
const words = ['meadow', 'pine', 'river', 'stone', 'cloud', 'trail', 'ember', 'frost', 'summit', 'harbor'];
const userAgents = defaultSite.devices.map(({ userAgent }) => userAgent);
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const dayMs = 86_400_000;

const uuid: Maker = (random) => {
  const hex = random.hex(32);
  // Version 4 of RFC 9562, with its variant.
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
};
const userName: Maker = (random) =>
  `${random.pick(firstNames)}.${random.pick(lastNames)}${random.below(100)}`.toLowerCase();
const domainName: Maker = (random) => `${random.pick(words)}-${random.pick(words)}.example`;
const now: Maker = (_random, at) => new Date(at).toISOString();
const octet = (random: Random) => random.below(256);

/** By name, in the order in which an error lists them. */
export const placeholders: Readonly<Record<string, Placeholder>> = {
  'random.uuid': plain('random.uuid', uuid),
  'datatype.uuid': plain('datatype.uuid', uuid),
  'random.number': number('random.number', 1),
  'datatype.number': number('datatype.number', 1),
  'random.float': number('random.float', 0.01),
  'random.boolean': plain('random.boolean', (random) => random.chance(0.5)),
  'datatype.boolean': plain('datatype.boolean', (random) => random.chance(0.5)),
  'random.arrayElement': {
    usage: ['random.arrayElement(["a","b"])'],
    compile: ([list, ...rest]) =>
      Array.isArray(list) && list.length > 0 && rest.length === 0
        ? (random) => random.pick<unknown>(list)
        : undefined,
  },
  'random.weightedArrayElement': {
    usage: ['random.weightedArrayElement({"weights":[0.9,0.1],"data":["a","b"]})'],
    compile: compileWeighted,
  },
  'random.alphaNumeric': {
    usage: ['random.alphaNumeric', 'random.alphaNumeric(length)'],
    compile: (args) => {
      const [length = 1] = args;
      if (args.length > 1 || typeof length !== 'number' || !(length >= 1 && length <= 10_000))
        return undefined;
      return (random) => Array.from({ length }, () => letters[random.below(letters.length)]).join('');
    },
  },
  'random.word': plain('random.word', (random) => random.pick(words)),
  'date.now': date('date.now'),
  'date.utc': date('date.utc'),
  'date.simTime': date('date.simTime'),
  'current.timestamp': plain('current.timestamp', now),
  'date.recent': plain('date.recent', (random, at) => now(random, at - random.below(dayMs))),
  'date.past': plain('date.past', (random, at) => now(random, at - random.below(365 * dayMs))),
  'internet.ip': plain('internet.ip', (random) => [0, 0, 0, 0].map(() => octet(random)).join('.')),
  'internet.ipv6': plain('internet.ipv6', (random) => random.hex(32).replaceAll(/(.{4})(?!$)/g, '$1:')),
  'internet.mac': plain('internet.mac', (random) => random.hex(12).replaceAll(/(..)(?!$)/g, '$1:')),
  'internet.userAgent': plain('internet.userAgent', (random) => random.pick(userAgents)),
  'internet.userName': plain('internet.userName', userName),
  'internet.domainName': plain('internet.domainName', domainName),
  'internet.email': plain(
    'internet.email',
    (random, at) => `${userName(random, at)}@${domainName(random, at)}`,
  ),
  'internet.url': plain('internet.url', (random, at) => `https://${domainName(random, at)}`),
  'name.firstName': plain('name.firstName', (random) => random.pick(firstNames)),
  'name.lastName': plain('name.lastName', (random) => random.pick(lastNames)),
  'name.findName': plain('name.findName', (random) => `${random.pick(firstNames)} ${random.pick(lastNames)}`),
  'address.city': plain('address.city', (random) => random.pick(cities)),
  'address.country': plain('address.country', (random) => random.pick(countries)[1]),
  'address.countryCode': plain('address.countryCode', (random) => random.pick(countries)[0]),
  'address.latitude': plain('address.latitude', (random) => decimal(-90 + random.float() * 180, 4)),
  'address.longitude': plain('address.longitude', (random) => decimal(-180 + random.float() * 360, 4)),
  'commerce.product': plain('commerce.product', (random) => random.pick(products)),
  'commerce.price': plain('commerce.price', (random) => (1 + random.below(100_000) / 100).toFixed(2)),
};

function plain(name: string, make: Maker): Placeholder {
  return { usage: [name], compile: (args) => (args.length === 0 ? make : undefined) };
}

/** Both ends included, as the Kinesis Data Generator has it. */
function number(name: string, defaultPrecision: number): Placeholder {
  const usage = [name, `${name}(max)`, `${name}({"min":1,"max":10,"precision":${defaultPrecision}})`];
  const compile = (args: readonly unknown[]): Maker | undefined => {
    const [given = {}] = args;
    const options: unknown = typeof given === 'number' ? { max: given } : given;
    if (args.length > 1 || !isObject(options)) return undefined;
    const { min = 0, max = 99_999, precision = defaultPrecision, ...others } = options;
    if (Object.keys(others).length > 0 || !areNumbers([min, max, precision])) return undefined;
    const [least, most, step] = [min, max, precision] as [number, number, number];
    if (most < least || step <= 0) return undefined;
    const steps = Math.floor((most - least) / step + 1e-9) + 1;
    const digits = Math.max(decimals(least), decimals(step));
    return (random) => decimal(least + random.below(steps) * step, digits);
  };
  return { usage, compile };
}

/** In UTC whatever its name, so that a seed gives the same bytes on every machine. */
function date(name: string): Placeholder {
  return {
    usage: [name, `${name}("YYYY-MM-DD HH:mm:ss.SSS")`],
    compile: (args) => {
      const [format] = args;
      if (args.length === 0) return now;
      if (args.length !== 1 || typeof format !== 'string') return undefined;
      const unknown = unknownToken(format);
      return unknown === undefined
        ? (_random, at) => formatDate(at, format)
        : `its format has the token ${unknown}, which is not made here; text stands in brackets: [${unknown}]`;
    },
  };
}

function compileWeighted(args: readonly unknown[]): Maker | undefined {
  const [options] = args;
  if (args.length !== 1 || !isObject(options)) return undefined;
  const { weights, data } = options;
  if (!Array.isArray(weights) || !Array.isArray(data) || weights.length !== data.length) return undefined;
  if (!areNumbers(weights) || weights.some((weight) => weight < 0)) return undefined;
  const choices = data.map((value: unknown, index) => ({ value, weight: weights[index]! }));
  const pick = choices.some(({ weight }) => weight > 0)
    ? weightedPick(choices, ({ weight }) => weight)
    : undefined;
  return pick && ((random) => pick(random).value);
}

function areNumbers(values: readonly unknown[]): values is readonly number[] {
  return values.every((value) => typeof value === 'number' && Number.isFinite(value));
}

function decimals(value: number): number {
  return /e-/.test(String(value)) ? 20 : (String(value).split('.')[1]?.length ?? 0);
}

function decimal(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
