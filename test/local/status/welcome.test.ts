import { dataDirAt } from '../../../emulators/data-dir';
import { parseLocalCommand } from '../../../local/options';
import { welcome } from '../../../local/status/welcome';
import { localPipeline } from '../../support/local-pipeline-factory';

function greeting(...args: string[]): string {
  const command = parseLocalCommand(args);
  if (command.kind !== 'run') throw new Error('help');
  const name = 'x'.repeat(48);
  const where = {
    ...localPipeline(),
    stream: name,
    table: name,
    buckets: { archive: name, onFailure: name },
    deliveryStream: name,
  };
  return welcome(where, dataDirAt(command.dataDir), command, 'seed-1');
}

describe('the welcome', () => {
  it('fits into 80 columns, whatever the stacks name their resources', () => {
    const lines = greeting('--chaos', 'storm').split('\n');

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
  });

  it('names the directory in each command that needs it, and nowhere else', () => {
    expect(greeting()).toContain('npm run report -- --local  ');
    expect(greeting('--data-dir', 'state')).toContain('npm run report -- --local state ');
  });

  it('shows a path as it is, rather than up through the tree', () => {
    expect(greeting('--data-dir', '/var/state')).toContain('source /var/state/aws-env.sh');
    expect(greeting()).toContain('source .local/aws-env.sh');
  });

  it('says which seed repeats the faults, if there are any', () => {
    expect(greeting('--chaos', 'storm')).toContain('storm, repeated by --chaos-seed seed-1');
    expect(greeting()).not.toContain('Chaos');
  });
});
