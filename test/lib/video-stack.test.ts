import { Template } from 'aws-cdk-lib/assertions';
import { addSecurityChecks } from '../../lib/security-checks';
import {
  attribute,
  buildApp,
  only,
  synthesize,
  type Template as TemplateJson,
  templatesOf,
} from './deployment';
import { redacted } from './redacted';

const videoOf = (context: Readonly<Record<string, unknown>>) =>
  Template.fromStack(buildApp({ video: true, ...context }).pipeline.video!).toJSON() as TemplateJson;
const template = videoOf({ videoRetentionHours: 36 });

describe('the stack of the video stream', () => {
  it('is as reviewed', () => {
    expect(redacted(template)).toMatchSnapshot();
  });

  it('is there only if it is asked for, and changes nothing of the others', () => {
    expect(buildApp().pipeline.video).toBeUndefined();
    expect(templatesOf({ video: true })).toEqual(templatesOf());
    expect(buildApp({ video: true }).pipeline.video!.dependencies).toEqual([]);
  });

  it('keeps recordings for as long as was asked for, under a key of its own that turns', () => {
    const [keyId, key] = only(template, 'AWS::KMS::Key');
    expect(key.Properties.EnableKeyRotation).toBe(true);
    expect(only(template, 'AWS::KinesisVideo::Stream')[1].Properties).toMatchObject({
      DataRetentionInHours: 36,
      KmsKeyId: attribute(keyId),
    });
  });

  it('lets a producer of this account record into this stream, and do nothing else', () => {
    const [streamId] = only(template, 'AWS::KinesisVideo::Stream');
    const [keyId] = only(template, 'AWS::KMS::Key');
    const [, role] = only(template, 'AWS::IAM::Role');
    const [trust] = role.Properties.AssumeRolePolicyDocument.Statement;
    expect(JSON.stringify(trust.Principal)).toMatch(/AWS::AccountId.*:root/);
    const [, policy] = only(template, 'AWS::IAM::Policy');
    expect(
      policy.Properties.PolicyDocument.Statement.map(
        ({ Action, Resource }: { Action: unknown; Resource: unknown }) => [Action, Resource],
      ),
    ).toEqual([
      [
        ['kinesisvideo:DescribeStream', 'kinesisvideo:GetDataEndpoint', 'kinesisvideo:PutMedia'],
        attribute(streamId),
      ],
      ['kms:GenerateDataKey', attribute(keyId)],
    ]);
  });

  it('keeps in prod what was recorded, and nothing in dev', () => {
    const fates = (of: TemplateJson) =>
      ['AWS::KinesisVideo::Stream', 'AWS::KMS::Key'].map((type) => only(of, type)[1].DeletionPolicy);
    expect(fates(template)).toEqual(['Delete', 'Delete']);
    expect(fates(videoOf({ stage: 'prod' }))).toEqual(['RetainExceptOnCreate', 'RetainExceptOnCreate']);
  });

  it('passes the security rules', () => {
    const deployment = buildApp({ stage: 'prod', video: true });
    addSecurityChecks(deployment.app);
    expect(() => synthesize(deployment)).not.toThrow();
  });
});
