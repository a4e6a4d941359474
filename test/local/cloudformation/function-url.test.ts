import { readFunctionUrl } from '../../../local/cloudformation/function-url';
import type { JsonObject } from '../../../local/cloudformation/template';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:collector-7';
const read = (properties: JsonObject) => {
  const place = { stack: 'Shop', logicalId: 'Url', type: 'AWS::Lambda::Url', path: '' };
  const stack = { name: 'Shop', template: {}, assets: new Map() };
  return readFunctionUrl(
    { stack, name: 'url', arn: 'url', place, resource: { Type: 'AWS::Lambda::Url' }, properties },
    { streamArns: new Set(), bucketNames: new Map(), functionArns: new Map([['collector-7', arn]]) },
  );
};

describe('The address of a function', () => {
  it('is read with the function that it invokes', () => {
    const properties = { TargetFunctionArn: 'collector-7', AuthType: 'NONE', InvokeMode: 'BUFFERED' };
    expect(read(properties)).toEqual({ functionArn: arn });
  });

  it.each([
    [{ TargetFunctionArn: 'other' }, 'TargetFunctionArn = "other"'],
    [{ TargetFunctionArn: 'collector-7', AuthType: 'AWS_IAM' }, 'AuthType = "AWS_IAM"'],
    [{ TargetFunctionArn: 'collector-7', InvokeMode: 'RESPONSE_STREAM' }, 'InvokeMode'],
    [{ TargetFunctionArn: 'collector-7', Cors: {} }, 'Cors'],
  ])('is refused for %j', (properties, message) => {
    expect(() => read(properties)).toThrow(message);
  });
});
