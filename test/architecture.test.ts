import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '..');

/**
 * Who may import whom. A folder may always import itself; `packages` are npm packages and Node modules, by prefix;
 * `folders` are other places of this repository, by path prefix. Nothing may import test/.
 */
const rules: Record<string, { packages: readonly string[]; folders: readonly string[] }> = {
  // Pure: no AWS, no CDK, no input or output. node:buffer and protobuf's wire reader only look at bytes, and
  // node:crypto hashes them: a KPL aggregate is a protobuf message with its MD5. Its randomness is kept out below.
  // node:zlib packs what the table keeps.
  domain: {
    packages: ['isbot', 'node:buffer', 'node:crypto', 'node:zlib', '@bufbuild/protobuf/wire'],
    folders: [],
  },
  // What the stacks, the functions and the commands must call by the same names.
  contract: { packages: [], folders: ['domain/counters/retention', 'domain/visitors/uniques'] },
  // The aggregates table: appending, compacting and reading it, for functions and commands alike.
  table: {
    packages: ['@aws-sdk/client-dynamodb', '@smithy/node-http-handler', 'node:events', 'node:zlib'],
    folders: ['domain/'],
  },
  'lambda/aggregator': {
    packages: ['aws-lambda', 'node:crypto', 'node:events'],
    folders: ['domain/', 'table/'],
  },
  'lambda/query': {
    // The function of the health asks CloudWatch and S3 as well.
    packages: [
      ...['@aws-sdk/client-cloudwatch', '@aws-sdk/client-s3', '@smithy/node-http-handler'],
      'aws-lambda',
    ],
    folders: ['domain/', 'table/', 'query/', 'alarms/deployed-health'],
  },
  // Puts records as the producer does, and reads no more of it.
  'lambda/collector': {
    packages: ['@aws-sdk/client-dynamodb', 'aws-lambda', 'node:'],
    folders: [
      ...['domain/', 'table/function-client', 'producer/client/function-client'],
      ...['producer/client/outgoing-event', 'producer/client/put-all', 'producer/client/put-records'],
    ],
  },
  // Reads a batch as the aggregator does, lines as the producer does, and packs and puts records as that does.
  'lambda/adapter': {
    packages: ['aws-lambda', 'node:'],
    folders: [
      ...['domain/', 'formats/', 'lambda/aggregator/kinesis-event', 'producer/client/batch'],
      ...['producer/client/function-client', 'producer/client/outgoing-event', 'producer/client/packing/'],
      ...['producer/client/put-all', 'producer/client/put-records'],
    ],
  },
  // Reads and answers Firehose as the transformer does.
  'lambda/forwarder': {
    packages: ['aws-lambda'],
    folders: ['domain/', 'lambda/transformer/answer-room', 'lambda/transformer/place-in-record'],
  },
  'lambda/compactor': { packages: ['aws-lambda'], folders: ['domain/', 'table/'] },
  // Reads and judges the counters as the query API does, for its marks.
  'lambda/anomalies': {
    packages: [],
    folders: ['domain/', 'table/', 'report/anomalies-reader'],
  },
  // Handlers by path only; what a construct and its handler must agree on is in the function's contract.
  lib: {
    // node:fs for the check of the finished templates at synth, which also bundles the functions.
    // node:child_process builds the dashboard's page at synth, which takes a process that may wait.
    packages: [
      'aws-cdk-lib',
      'constructs',
      'cdk-nag',
      'esbuild',
      'node:path',
      'node:fs',
      'node:child_process',
    ],
    folders: [
      'lambda/adapter/contract',
      'lambda/aggregator/contract',
      'lambda/anomalies/contract',
      'lambda/collector/contract',
      'lambda/compactor/contract',
      'lambda/forwarder/contract',
      'lambda/transformer/contract',
      'lambda/query/contract',
      'alarms/alarm-description',
      'contract/',
      'domain/event/click-event',
      'domain/counters/table-layout',
      'domain/counters/compaction-request',
      'domain/counters/retention',
      'domain/counters/window',
      'domain/visitors/uniques',
      'domain/function/function-log',
      // The tables of the archive, and what is asked of them, are the same in Athena and here.
      ...['domain/archive/columns', 'analytics/views', 'analytics/questions'],
    ],
  },
  bin: { packages: ['aws-cdk-lib'], folders: ['lib/'] },
  cli: {
    packages: ['@aws-sdk/client-cloudformation', '@smithy/node-http-handler', 'node:'],
    folders: [
      'contract/',
      'domain/event/timestamp',
      'domain/json/json-object',
      'domain/counters/retention',
      'domain/visitors/uniques',
    ],
  },
  // Lines of logs as events, for the producer, which reads files, and the adapter, which reads a stream; pure.
  formats: {
    packages: ['node:crypto', 'node:net'],
    folders: ['domain/', 'cli/counted', 'producer/client/outgoing-event'],
  },
  producer: {
    packages: ['@aws-sdk/client-kinesis', 'node:'],
    folders: ['contract/', 'domain/', 'formats/', 'cli/'],
  },
  // The report opens the table of a stopped pipeline by itself.
  report: {
    packages: ['@aws-sdk/client-dynamodb', 'node:'],
    folders: ['contract/', 'domain/', 'table/', 'cli/', 'emulators/'],
  },
  // What an alarm is and how it is evaluated; pure.
  'alarms/evaluation': { packages: [], folders: ['alarms/alarm-status'] },
  // What a command says of the alarms of a pipeline, wherever it runs, and what else AWS says of its health.
  alarms: {
    packages: ['@aws-sdk/client-cloudwatch', '@aws-sdk/client-s3', 'node:'],
    folders: [
      ...['contract/', 'cli/', 'domain/json/json-object', 'domain/counters/window'],
      'emulators/data-dir',
    ],
  },
  // The query API: the same on the laptop, beside a deployed pipeline, and in a function.
  query: {
    packages: [],
    folders: ['domain/', 'table/', 'report/', 'alarms/alarm-status'],
  },
  // The page runs in a browser: it knows the API by its answers, and takes from the rest what is pure.
  'dashboard/page': {
    // The hosted edition alone signs in.
    packages: ['preact', '@preact/signals', 'oidc-client-ts'],
    folders: [
      ...['domain/counters/window', 'domain/event/click-event'],
      ...['query/answers', 'report/time-zone', 'report/csv'],
      'analytics/counted-value',
    ],
  },
  // Serves the page and the query API on this machine. The page's packages are the page's alone.
  dashboard: {
    packages: [
      ...['@aws-sdk/client-cloudwatch', '@aws-sdk/client-s3', 'esbuild', 'node:'],
      ...['preact', '@preact/signals', 'oidc-client-ts'],
    ],
    folders: [
      'alarms/deployed-health',
      'query/',
      'report/',
      'table/',
      'contract/',
      'cli/',
      'emulators/listen',
      ...['domain/counters/retention', 'domain/counters/window', 'domain/event/click-event'],
      'domain/http/etag',
      'analytics/counted-value',
    ],
  },
  // Runs in the pages of others: it knows nothing of the rest, and needs no package.
  'collector/client': { packages: [], folders: [] },
  // Measures the product against baselines that it holds itself; the laptop as a user runs it.
  bench: {
    packages: [
      '@aws-sdk/client-kinesis',
      '@aws-sdk/client-dynamodb',
      '@duckdb/node-api',
      '@smithy/node-http-handler',
      'aws-cdk-lib',
      'aws-lambda',
      'esbuild',
      'node:',
    ],
    folders: [
      ...['domain/', 'table/', 'producer/', 'cli/', 'lib/', 'lambda/', 'cdk.json'],
      ...['chaos/child', 'emulators/', 'report/aggregates-reader'],
      ...['local/provision', 'query/api', 'dashboard/serve', 'analytics/'],
    ],
  },
  // Figures from prices, settings and the product's own fold; it asks nobody.
  cost: {
    packages: ['node:util'],
    folders: [
      ...['contract/stack-outputs', 'domain/', 'cli/', 'lib/settings', 'lib/resolve-settings'],
      'producer/client/packing/packer',
      'producer/traffic/click-generator',
    ],
  },
  // Kinesis, DynamoDB and S3 on this machine; they know nothing of what runs on them.
  emulators: {
    packages: [
      '@aws-sdk/',
      '@smithy/node-http-handler',
      'kinesalite',
      'dynalite',
      '@20minutes/s3rver',
      'node:',
    ],
    folders: ['cli/'],
  },
  // Functions as bundled assets only, and the stacks as templates only.
  local: {
    packages: ['@aws-sdk/', '@smithy/node-http-handler', 'node:'],
    folders: [
      ...['contract/', 'domain/', 'table/', 'emulators/', 'producer/', 'reconcile/', 'report/', 'cli/'],
      ...['query/', 'dashboard/', 'alarms/', 'analytics/duckdb/parquet'],
    ],
  },
  // Asks the archive in SQL: over a copy here, in the words that Athena has for the original.
  analytics: {
    packages: ['@aws-sdk/client-s3', '@duckdb/node-api', 'node:'],
    folders: [
      ...['contract/', 'domain/', 'cli/', 'emulators/', 'report/csv', 'report/table-text'],
      ...['recover/history/archive-objects', 'recover/progress'],
    ],
  },
  // Lets an assistant read what the dashboard and the queries read.
  mcp: {
    packages: ['@modelcontextprotocol/sdk', 'node:'],
    folders: ['cli/', 'query/', 'dashboard/table-api', 'analytics/'],
  },
  // Compares, and puts right what the pipeline could not process: nobody else may look into all of stream, counters,
  // archive and ledgers. It reads a given-up batch and merges its visitors as the
  // aggregator does, and opens what a stopped pipeline has left.
  recover: {
    packages: ['@aws-sdk/', 'node:'],
    folders: [
      'contract/',
      'domain/',
      'cli/',
      'table/',
      'lambda/aggregator/kinesis-event',
      // A visitor is erased from the Parquet copy as well.
      'analytics/duckdb/parquet',
      'emulators/',
      'local/adapters/file-checkpoint-store',
      'producer/',
      'reconcile/',
      'report/aggregates-reader',
    ],
  },
  // Compares stream, table, archive and ledger, wherever they are read from: for the laptop and for recovery.
  reconcile: {
    packages: [],
    folders: ['domain/', 'cli/counted', 'table/view', 'producer/ledger/'],
  },
  // Starts the commands as a user would, and looks at what they leave over the services' own wires: its count must not
  // come from the code that it judges.
  chaos: {
    packages: ['@aws-sdk/client-kinesis', '@smithy/node-http-handler', 'node:'],
    folders: [
      ...['cli/', 'emulators/', 'local/adapters/', 'domain/numbers/random', 'domain/event/kpl'],
      'producer/client/shards/',
      'report/aggregates-reader',
      'table/log-table',
    ],
  },
};

/** A function that needs no more. */
const functionRule = { packages: ['aws-lambda'], folders: ['domain/'] };
for (const name of readdirSync(join(root, 'lambda'))) {
  const rule = rules[`lambda/${name}`] ?? functionRule;
  // Where a function's lines go is the same for all.
  rules[`lambda/${name}`] = { ...rule, folders: [...rule.folders, 'lambda/runtime/'] };
}

/** Globals that would make a decision depend on when and where it is made. */
const impure =
  /\bprocess\.env\b|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bfetch\(|\brandom(?:Bytes|Int|UUID)\(/;

interface Source {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sourcesIn(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:c?ts|tsx)$/.test(entry.name))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      const specifiers = [...text.matchAll(/(?:\bfrom |\bimport |\brequire\(|\bimport\()'([^'\s]+)'/g)].map(
        ([, name]) => name!,
      );
      const imports = specifiers.map((name) =>
        name.startsWith('.') ? relative(root, join(dirname(file), name)) : name,
      );
      return { path: relative(root, file), text, imports };
    });
}

/** The folders of the root that hold sources, but for the tests. */
function topFolders(): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .filter((name) => !['node_modules', 'test'].includes(name) && sourcesIn(name).length > 0);
}

function isAllowed(imported: string, folder: string): boolean {
  const { packages, folders } = rules[folder]!;
  return [...packages, ...folders, `${folder}/`].some((prefix) => imported.startsWith(prefix));
}

/** What imports itself by way of others: groups that do so together, each sorted. */
function circlesOf(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const reachable = (from: string): ReadonlySet<string> => {
    const found = new Set<string>();
    const open = [from];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const to of graph.get(next) ?? []) {
        if (found.has(to)) continue;
        found.add(to);
        open.push(to);
      }
    }
    return found;
  };
  const reached = new Map([...graph.keys()].map((from) => [from, reachable(from)]));
  const groups = [...reached].flatMap(([from, found]) =>
    found.has(from) ? [[...found].filter((to) => reached.get(to)?.has(from)).sort()] : [],
  );
  return [...new Map(groups.map((group) => [group.join(), group])).values()];
}

/** Who imports whom among sources, types included. */
function importGraph(sources: readonly Source[]): Map<string, Set<string>> {
  const paths = new Set(sources.map(({ path }) => path));
  const targets = (imports: readonly string[]) =>
    imports.flatMap((name) => [name, `${name}.ts`, `${name}.tsx`].find((path) => paths.has(path)) ?? []);
  return new Map(sources.map(({ path, imports }) => [path, new Set(targets(imports))]));
}

describe('The architecture', () => {
  it.each(Object.keys(rules))('%s/ imports only what it may', (folder) => {
    const sources = sourcesIn(folder);
    expect(sources.length).toBeGreaterThan(0);
    const offences = sources.flatMap(({ path, imports }) =>
      imports
        .filter((imported) => !isAllowed(imported, folder))
        .map((imported) => `${path} imports ${imported}`),
    );
    expect(offences).toEqual([]);
  });

  it('no file imports itself by way of others, for its types neither', () => {
    const sources = [...topFolders(), 'test'].flatMap(sourcesIn);
    const graph = importGraph(sources);
    expect([...graph.values()].reduce((sum, targets) => sum + targets.size, 0)).toBeGreaterThan(
      sources.length,
    );
    expect(circlesOf(graph)).toEqual([]);
  });

  it('every folder with sources has its rule', () => {
    const ruled = new Set(Object.keys(rules).map((folder) => folder.split('/')[0]!));
    expect(topFolders().filter((name) => !ruled.has(name))).toEqual([]);
    expect(
      sourcesIn('lambda').filter(
        ({ path }) => !Object.keys(rules).some((folder) => path.startsWith(`${folder}/`)),
      ),
    ).toEqual([]);
  });

  it.each(['domain', 'formats', 'lib', 'alarms/evaluation'])(
    '%s/ decides by its arguments alone: no environment, no clock, no randomness',
    (folder) => {
      const offences = sourcesIn(folder).filter(({ text }) => impure.test(text));
      expect(offences.map(({ path }) => path)).toEqual([]);
    },
  );

  it.each(['cli', 'producer', 'report', 'recover', 'analytics', 'alarms', 'dashboard'])(
    '%s/ reaches AWS through the handler that asks for TLS, wherever the address comes from',
    (folder) => {
      const offences = sourcesIn(folder).filter(
        ({ text }) =>
          /new (?:CloudFormation|CloudWatch|DynamoDB|Kinesis|S3)Client\(/.test(text) &&
          !text.includes('httpHandler('),
      );
      expect(offences.map(({ path }) => path)).toEqual([]);
    },
  );
});
