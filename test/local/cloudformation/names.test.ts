import fc from 'fast-check';
import { physicalName } from '../../../local/cloudformation/names';

const nameOf = (stack: string, logicalId: string, type: string) =>
  physicalName(stack, logicalId, { Type: type });
const logicalId = fc.stringMatching(/^[A-Za-z0-9]{1,255}$/);
const stackName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,127}$/);

describe('names of resources', () => {
  it('are valid for a bucket whatever stack and logical id are called', () => {
    fc.assert(
      fc.property(stackName, logicalId, (stack, id) => {
        expect(nameOf(stack, id, 'AWS::S3::Bucket')).toMatch(/^[a-z0-9][a-z0-9-]{1,62}$/);
      }),
    );
  });

  it('are valid for a stream, a table, a function and a delivery stream', () => {
    fc.assert(
      fc.property(stackName, logicalId, (stack, id) => {
        expect(nameOf(stack, id, 'AWS::Lambda::Function')).toMatch(/^[A-Za-z0-9-]{3,64}$/);
      }),
    );
  });

  it('stay apart when they are cut', () => {
    const long = 'x'.repeat(100);
    expect(nameOf('S', `${long}1`, 'AWS::S3::Bucket')).not.toBe(nameOf('S', `${long}2`, 'AWS::S3::Bucket'));
  });
});
