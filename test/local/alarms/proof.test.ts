import { alarmId, deploymentOf, firingInStandstill, problemsOf, problemsOfAQuietHour } from './prove';
import { scenarios } from './scenarios';

describe.each(['dev', 'prod'])('The alarms of the templates of stage %s', (stage) => {
  const deployment = deploymentOf(stage);

  it('have a scenario each', () => {
    const ids = deployment.alarms.map(({ name }) => alarmId(name));
    const proven = scenarios.flatMap(({ alarms }) => alarms);
    expect([...new Set(proven)].sort()).toEqual([...ids].sort());
  });

  it('stay quiet in an hour of traffic', async () => {
    expect(await problemsOfAQuietHour(deployment)).toEqual([]);
  });

  it('go off when everything stands still, if that is their failure, and no others do', async () => {
    expect(await firingInStandstill(deployment)).toEqual([
      'NoClicks ALARM',
      'NothingCounted ALARM',
      'CompactionBehind ALARM',
      'NothingArchived ALARM',
    ]);
  });

  it.each(scenarios.map((scenario) => [scenario.failure, scenario] as const))(
    'fire when %s, and are well again after it',
    async (_failure, scenario) => {
      expect(await problemsOf(deployment, scenario)).toEqual([]);
    },
  );
});
