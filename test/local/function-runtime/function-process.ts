/** A process that starts the function in the folder given, prints what it answers, and waits to be killed. */
import { join } from 'node:path';
import { startFunction } from '../../../local/function-runtime/start-function';

const assetPath = process.argv[2]!;
const fixture = startFunction(
  {
    name: 'fixture',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:fixture',
    roleArn: 'arn:aws:iam::000000000000:role/fixture',
    assetPath,
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 60,
    memoryMiB: 256,
  },
  { region: 'us-east-1', logFile: join(assetPath, 'fixture.log') },
);
fixture.invoke('{}').then((invocation) => {
  console.log(JSON.stringify(invocation));
  // One more under way when this process is killed.
  return fixture.invoke('{"hang":true}');
});
