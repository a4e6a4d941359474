import { sharesOf } from '../../../bench/laptop/cpu-profile';

const node = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } });

describe('a CPU profile', () => {
  it('tells what share each package and each folder took of the busy time', () => {
    const nodes = [
      node(1, '(idle)', ''),
      node(2, 'get', 'file:///app/node_modules/dynalite/node_modules/lock/index.js'),
      node(3, 'put', '/app/node_modules/@aws-sdk/core/index.js'),
      node(4, 'read', 'file:///app/local/adapters/clients.ts'),
      node(5, 'main', 'file:///app/local/cli.ts'),
      node(6, 'emit', 'node:events'),
      node(7, '(garbage collector)', ''),
    ];
    const samples = [1, 2, 3, 4, 5, 6, 7, 2];
    const timeDeltas = [900, 10, 20, 30, 5, 15, 40, 80];

    expect(sharesOf({ nodes, samples, timeDeltas })).toEqual([
      { what: 'lock', share: 0.45 },
      { what: '(garbage collector)', share: 0.2 },
      { what: 'local/adapters/', share: 0.15 },
      { what: '@aws-sdk/core', share: 0.1 },
      { what: 'node', share: 0.075 },
      { what: 'local/', share: 0.025 },
    ]);
  });
});
