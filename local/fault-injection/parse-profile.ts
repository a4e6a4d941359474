import { isObject, type JsonObject } from '../../domain/json/json-object';
import { services } from '../../emulators/clients';
import {
  type ChaosProfile,
  type FaultKind,
  type FaultRule,
  type FunctionFaultRule,
  faultKinds,
  functionFaultKinds,
  functionRoles,
  type ShardLimits,
} from './profile';

type Check = (value: unknown, fields: JsonObject) => boolean;

interface Field {
  readonly allowed: string;
  readonly isAllowed: Check;
  readonly optional?: boolean;
}

const longestDelayMs = 600_000;
const isNumber = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most;
const isPositive: Check = (value) => isNumber(value, Number.MIN_VALUE, Number.MAX_VALUE);
const oneOf = (choices: readonly unknown[]): Field => ({
  allowed: choices.join(', '),
  isAllowed: (value) => choices.includes(value),
});

const probability: Field = { allowed: 'a number from 0 to 1', isAllowed: (value) => isNumber(value, 0, 1) };
const delayMs: Field = {
  allowed: `[shortest, longest] from 0 to ${longestDelayMs}, with slow, which needs it, and with nothing else`,
  isAllowed: (value, { kind }) =>
    kind === 'slow'
      ? Array.isArray(value) &&
        value.length === 2 &&
        value.every((ms) => isNumber(ms, 0, longestDelayMs)) &&
        value[0] <= value[1]
      : value === undefined,
};

const kindsAfter: readonly FaultKind[] = ['error', 'slow', 'cut'];
const ruleFields: Readonly<Record<keyof FaultRule, Field>> = {
  service: oneOf(services),
  operations: {
    allowed: 'a list of names such as "PutRecords"',
    isAllowed: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string'),
    optional: true,
  },
  kind: oneOf(faultKinds),
  probability,
  after: {
    allowed: `true or false, and true with ${kindsAfter.join(', ')} only`,
    isAllowed: (value, { kind }) =>
      value === false || (value === true && kindsAfter.includes(kind as FaultKind)),
    optional: true,
  },
  delayMs,
  share: {
    allowed: 'a number above 0 and up to 1, with partial, which needs it, and with nothing else',
    isAllowed: (value, { kind }) =>
      kind === 'partial' ? isNumber(value, Number.MIN_VALUE, 1) : value === undefined,
  },
};

const functionFields: Readonly<Record<keyof FunctionFaultRule, Field>> = {
  function: oneOf(functionRoles),
  kind: oneOf(functionFaultKinds),
  probability,
  delayMs,
};

const limitFields: Readonly<Record<keyof ShardLimits, Field>> = {
  bytesPerSecond: { allowed: 'a number above 0', isAllowed: isPositive, optional: true },
  recordsPerSecond: { allowed: 'a number above 0', isAllowed: isPositive, optional: true },
  readsPerSecond: { allowed: 'a number above 0', isAllowed: isPositive, optional: true },
};

const profileFields: Readonly<Record<keyof ChaosProfile, Field>> = {
  faults: { allowed: 'a list of rules', isAllowed: Array.isArray },
  functions: { allowed: 'a list of rules', isAllowed: Array.isArray, optional: true },
  shardLimits: { allowed: 'an object', isAllowed: isObject, optional: true },
};

/** A profile from JSON; without one, `problems` says what is wrong: where, the value, and what is allowed. */
export function parseProfile(value: unknown): {
  readonly profile?: ChaosProfile;
  readonly problems: readonly string[];
} {
  const problems = checkObject('the profile', value, profileFields);
  if (problems.length > 0) return { problems };
  const profile = value as ChaosProfile;
  for (const [index, rule] of profile.faults.entries())
    problems.push(...checkObject(`faults[${index}]`, rule, ruleFields), ...checkPartial(index, rule));
  for (const [index, rule] of (profile.functions ?? []).entries())
    problems.push(...checkObject(`functions[${index}]`, rule, functionFields));
  if (profile.shardLimits) problems.push(...checkObject('shardLimits', profile.shardLimits, limitFields));
  if (problems.length === 0) problems.push(...checkSums(profile.faults));
  return problems.length === 0 ? { profile, problems } : { problems };
}

function checkObject(where: string, value: unknown, fields: Readonly<Record<string, Field>>): string[] {
  if (!isObject(value)) return [`${where} is ${JSON.stringify(value)}; allowed: an object`];
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(fields, name));
  return [
    ...unknown.map((name) => `${where}.${name} is not known; allowed: ${Object.keys(fields).join(', ')}`),
    ...Object.entries(fields).flatMap(([name, { allowed, isAllowed, optional }]) =>
      (optional && value[name] === undefined) || isAllowed(value[name], value)
        ? []
        : [`${where}.${name} is ${JSON.stringify(value[name])}; allowed: ${allowed}`],
    ),
  ];
}

function checkPartial(index: number, rule: Partial<FaultRule>): string[] {
  const isPutRecords = rule.operations?.length === 1 && rule.operations[0] === 'PutRecords';
  if (rule.kind !== 'partial' || (rule.service === 'kinesis' && isPutRecords)) return [];
  return [`faults[${index}].kind is "partial"; allowed with service "kinesis" and operations ["PutRecords"]`];
}

function checkSums(rules: readonly FaultRule[]): string[] {
  return services.flatMap((service) => {
    const ofService = rules.filter((rule) => rule.service === service);
    const operations = new Set(ofService.flatMap(({ operations: names = ['any operation'] }) => names));
    return [...operations].flatMap((operation) => {
      const matching = ofService.filter(({ operations: names }) => !names || names.includes(operation));
      const sum = matching.reduce((total, { probability }) => total + probability, 0);
      return sum <= 1
        ? []
        : [`the probabilities for ${operation} of ${service} add up to ${sum}; allowed: 1 at most`];
    });
  });
}
