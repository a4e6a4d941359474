import { Aws } from 'aws-cdk-lib';
import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** A question to the log lines, by what Logs Insights calls its commands. */
export interface LogQuery {
  /** As the console lists it, below the stack's name. */
  readonly title: string;
  readonly logGroup: ILogGroup;
  readonly filter?: string;
  readonly parse?: string;
  readonly stats?: string;
  readonly sort?: string;
  /** The columns, where `stats` does not make them. */
  readonly display?: readonly string[];
}

export interface LogQueriesProps {
  readonly queries: readonly LogQuery[];
}

/** Queries that the console of CloudWatch Logs Insights has saved for a stack. */
export class LogQueries extends Construct {
  constructor(scope: Construct, id: string, { queries }: LogQueriesProps) {
    super(scope, id);
    for (const { title, logGroup, filter, parse, stats, sort, display } of queries) {
      new QueryDefinition(this, title, {
        // By the stack's name, so that two deployments in one account do not share a list.
        queryDefinitionName: `${Aws.STACK_NAME}/${title}`,
        logGroups: [logGroup],
        queryString: new QueryString({
          ...(parse && { parseStatements: [parse] }),
          ...(filter && { filterStatements: [filter] }),
          ...(stats && { statsStatements: [stats] }),
          ...(sort && { sort }),
          ...(display && { display: display.join(', ') }),
          limit: 1_000,
        }),
      });
    }
  }
}

/** What every function is asked: its longest invocations, and those that crashed. */
export function functionQueries(name: string, logGroup: ILogGroup): readonly LogQuery[] {
  return [
    {
      title: `${name}: time and memory`,
      logGroup,
      filter: '@type = "REPORT"',
      stats:
        'count(*) as invocations, avg(@duration) as averageMs, pct(@duration, 99) as p99Ms, max(@duration) as maxMs, ' +
        'max(@maxMemoryUsed / 1048576) as maxMiB by bin(5m)',
    },
    {
      title: `${name}: crashes`,
      logGroup,
      // Lambda's own lines: what the function threw, and when it was stopped.
      filter: '@message like /"errorType"|ERROR|Task timed out|Runtime exited/',
      sort: '@timestamp desc',
      display: ['@timestamp', '@requestId', '@message'],
    },
  ];
}
