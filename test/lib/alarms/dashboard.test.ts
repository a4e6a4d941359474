import { only, type Templates, templatesOf } from '../deployment';
import { problemsOf, type Widget } from './dashboard-body';
import { publishedMetrics } from './published-metrics';
import { alarmsOf } from './template-alarms';

interface Body {
  readonly widgets: readonly Widget[];
}

/** A dashboard's body, with `${logical id}` where it has a reference. */
function bodyOf(templates: Templates): Body {
  const { DashboardBody } = only(templates.stream, 'AWS::CloudWatch::Dashboard')[1].Properties;
  const parts: (string | { Ref: string })[] = DashboardBody['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : `\${${part.Ref}}`)).join(''));
}

const alarmNames = (arns: readonly string[] = []) => arns.map((arn) => arn.split(':alarm:')[1]);

describe.each([
  { stage: 'dev' },
  { stage: 'prod', name: 'shop', heartbeatMinutes: 30, encryption: 'customer-managed' },
])('The dashboard of %j', (context) => {
  const templates = templatesOf(context);
  const { widgets } = bodyOf(templates);
  const alarms = alarmsOf(templates).map(({ properties }) => properties.AlarmName);

  it('is a body that CloudWatch takes', () => {
    expect(problemsOf(bodyOf(templates))).toEqual([]);
  });

  it('is one screen: what is wrong, whether clicks come in, are counted and archived, and how late', () => {
    expect(Math.max(...widgets.map(({ y = 0, height = 6 }) => y + height))).toBeLessThanOrEqual(18);
    expect(widgets.map(({ properties }) => properties?.title)).toEqual([
      'What is wrong',
      expect.stringContaining('Do clicks come in'),
      expect.stringContaining('Are they counted'),
      expect.stringContaining('Are they archived'),
      ...Array(4).fill(expect.stringContaining('How late')),
    ]);
  });

  it('has the state of every alarm, and the curves of alarms that are there', () => {
    const [status, ...others] = widgets;
    expect(alarmNames(status!.properties!.alarms)).toEqual(alarms);
    const curves = others.flatMap(({ properties }) => alarmNames(properties?.annotations?.alarms));
    expect(curves).toHaveLength(4);
    expect(alarms).toEqual(expect.arrayContaining(curves));
  });

  it('has metrics that the stream sends, and that the functions print under this deployment', () => {
    const [streamId] = only(templates.stream, 'AWS::Kinesis::Stream');
    const { stage, name: project = 'clickstream' } = context;
    const metrics = widgets.flatMap(({ properties }) => properties?.metrics ?? []);
    expect(metrics).toHaveLength(6);
    for (const [namespace, name, ...dimensions] of metrics) {
      const own = [
        'project',
        project,
        'service',
        expect.stringMatching(/^(aggregator|transformer)$/),
        'stage',
      ];
      if (namespace === 'Clickstream') expect(dimensions.slice(0, -1)).toEqual([...own, stage]);
      else {
        expect(publishedMetrics).toContainEqual(expect.objectContaining({ namespace, name }));
        expect(dimensions.slice(0, -1)).toEqual(['StreamName', `\${${streamId}}`]);
      }
    }
  });

  it('needs nothing of the other stacks', () => {
    expect(JSON.stringify(templates.stream)).not.toContain('Fn::ImportValue');
  });
});

describe('The check of a body', () => {
  const widget = { type: 'metric', x: 0, y: 0, width: 6, height: 6 };
  const region = 'eu-west-1';

  it.each([
    ['an unknown property', { colour: 'red', region, metrics: [['AWS/Kinesis', 'IncomingRecords']] }],
    ['a dimension without a value', { region, metrics: [['AWS/Kinesis', 'IncomingRecords', 'StreamName']] }],
    ['neither metrics nor an alarm', { region }],
    ['metrics beside an alarm', { region, metrics: [['A', 'B']], annotations: { alarms: ['arn'] } }],
    ['no region', { metrics: [['A', 'B']] }],
    ['a period that is no minute', { region, metrics: [['A', 'B', { period: 61 }]] }],
  ])('finds %s', (_, properties) => {
    expect(problemsOf({ widgets: [{ ...widget, properties }] })).toHaveLength(1);
  });

  it('finds a widget that is wider than the dashboard', () => {
    const properties = { region, metrics: [['A', 'B']] };
    expect(problemsOf({ widgets: [{ ...widget, x: 20, properties }] })).toHaveLength(1);
    expect(problemsOf({ widgets: [{ ...widget, x: 18, properties }] })).toEqual([]);
  });
});
