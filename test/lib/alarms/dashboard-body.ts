/**
 * What is wrong with a dashboard's body by CloudWatch's documentation (Dashboard body structure and syntax), as far as the
 * widgets of the pipeline use it: a property that is not listed here is wrong, too.
 */
export function problemsOf(body: unknown): string[] {
  const problems: string[] = [];
  const check = (place: string, value: unknown, rule: Rule): void => {
    const problem = rule(value);
    if (problem !== undefined) problems.push(`${place}: ${problem}`);
  };
  const members = (place: string, value: unknown, rules: Readonly<Record<string, Rule>>): void => {
    const object = (value ?? {}) as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(object)) if (!rules[name]) problems.push(`${place}.${name}: is unknown`);
    for (const [name, rule] of Object.entries(rules)) check(`${place}.${name}`, object[name], rule);
  };

  members('body', body, {
    start: optional(matches(/^-P(T\d+[HM]|\d+[DWM])$/)),
    periodOverride: optional(oneOf('auto', 'inherit')),
    widgets: listOf(0, 500),
  });
  for (const [index, widget] of ((body as { widgets?: unknown[] }).widgets ?? []).entries()) {
    const place = `widgets[${index}]`;
    members(place, widget, {
      type: oneOf('metric', 'text', 'log', 'alarm', 'explorer'),
      x: whole(0, 23),
      y: whole(0, Number.MAX_SAFE_INTEGER),
      width: whole(1, 24),
      height: whole(1, 1_000),
      properties: (value) => (typeof value === 'object' && value !== null ? undefined : 'is no object'),
    });
    const { type, x = 0, width = 6, properties } = widget as Widget;
    if (x + width > 24) problems.push(`${place}: is wider than the dashboard`);
    const rules = propertyRules[type];
    if (rules) members(`${place}.properties`, properties, rules);
    if (type === 'metric') checkMetricWidget(`${place}.properties`, properties ?? {}, problems);
  }
  return problems;
}

export interface Widget {
  readonly type: string;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly properties?: MetricProperties & { readonly alarms?: readonly string[] };
}

interface MetricProperties {
  readonly title?: string;
  readonly metrics?: readonly (readonly unknown[])[];
  readonly annotations?: { readonly alarms?: readonly string[] };
}

type Rule = (value: unknown) => string | undefined;

const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined ? undefined : rule(value);
const oneOf =
  (...values: readonly unknown[]): Rule =>
  (value) =>
    values.includes(value) ? undefined : `${JSON.stringify(value)} is none of ${values.join(', ')}`;
const whole =
  (low: number, high: number): Rule =>
  (value) =>
    Number.isInteger(value) && Number(value) >= low && Number(value) <= high ? undefined : `is ${value}`;
const matches =
  (pattern: RegExp): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : `is ${JSON.stringify(value)}`;
const listOf =
  (low: number, high: number): Rule =>
  (value) =>
    Array.isArray(value) && value.length >= low && value.length <= high ? undefined : 'is no such list';
const text = matches(/./);
const anObject: Rule = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'is no object';

const propertyRules: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  alarm: {
    title: optional(text),
    alarms: listOf(1, 100),
    sortBy: optional(oneOf('default', 'stateUpdatedTimestamp', 'timestamp')),
    states: optional(listOf(1, 3)),
  },
  metric: {
    title: optional(text),
    region: text,
    view: optional(oneOf('timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table')),
    metrics: optional(listOf(1, 500)),
    annotations: optional(anObject),
    yAxis: optional(anObject),
    stat: optional(text),
    period: optional(whole(60, 86_400)),
    stacked: optional(oneOf(true, false)),
  },
};

/** Of a metric: dimensions come in pairs behind namespace and name, and rendering properties last. */
function checkMetricWidget(place: string, { metrics, annotations }: MetricProperties, problems: string[]) {
  const alarms = annotations?.alarms ?? [];
  if (alarms.length > 1) problems.push(`${place}: has more than one alarm`);
  if ((metrics === undefined) === (alarms.length === 0))
    problems.push(`${place}: has not either metrics or an alarm`);
  for (const [index, metric] of (metrics ?? []).entries()) {
    const last = metric.at(-1);
    const names = typeof last === 'object' ? metric.slice(0, -1) : metric;
    const where = `${place}.metrics[${index}]`;
    if (names.length < 2 || names.length % 2 !== 0) problems.push(`${where}: has a name without a value`);
    if (names.some((name) => typeof name !== 'string')) problems.push(`${where}: has no text for a name`);
    const rendering = (typeof last === 'object' ? last : {}) as Readonly<Record<string, unknown>>;
    for (const [name, value] of Object.entries(rendering)) {
      const problem = renderingRules[name]?.(value) ?? (renderingRules[name] ? undefined : 'is unknown');
      if (problem !== undefined) problems.push(`${where}.${name}: ${problem}`);
    }
  }
}

const renderingRules: Readonly<Record<string, Rule>> = {
  color: matches(/^#[0-9a-f]{6}$/i),
  label: text,
  period: (value) => (Number.isInteger(value) && Number(value) % 60 === 0 ? undefined : `is ${value}`),
  stat: matches(/^(SampleCount|Average|Sum|Minimum|Maximum|p\d+)$/),
  visible: oneOf(true, false),
  yAxis: oneOf('left', 'right'),
};
