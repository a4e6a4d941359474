import { mkdirSync, writeFileSync } from 'node:fs';
import { SettingsError } from '../../lib/resolve-settings';
import { readSettingsFile } from '../../lib/settings-file';
import { temporaryFolder } from '../support/temporary-folder';

describe('The file of a stage', () => {
  const before = process.cwd();
  const folder = temporaryFolder('settings-file');
  beforeAll(() => {
    process.chdir(folder);
    mkdirSync('config');
  });
  afterAll(() => process.chdir(before));

  it('is config/<stage>.json below the working directory, and may be missing', () => {
    writeFileSync('config/prod.json', '{ "batchSize": 703 }');
    expect(readSettingsFile('prod')).toEqual({ path: 'config/prod.json', values: { batchSize: 703 } });
    expect(readSettingsFile('dev')).toBeUndefined();
  });

  it.each([
    ['{ "batchSize": 703', 'config/prod.json: is not JSON: '],
    ['[]', 'config/prod.json: [] is not allowed; allowed is an object of settings'],
    ['null', 'config/prod.json: null is not allowed'],
    ['{ "stage": "dev" }', 'config/prod.json: stage: is what chooses the file; give it with -c stage=prod'],
  ])('is refused as a whole if it holds %s', (text, problem) => {
    writeFileSync('config/prod.json', text);
    expect(() => readSettingsFile('prod')).toThrow(SettingsError);
    expect(() => readSettingsFile('prod')).toThrow(problem);
  });

  it('is refused if it cannot be read', () => {
    mkdirSync('config/dev.json');
    expect(() => readSettingsFile('dev')).toThrow('config/dev.json: cannot be read: ');
  });
});
