import { applications, attribute, only, templatesOf } from './deployment';

/**
 * CloudFormation knows a resource by its logical id, which CDK makes of the path of constructs. With another id it
 * makes a new resource, and removes the old one. So an id in this list changes only together with a plan for what is
 * lost; renaming or moving a construct is not worth it.
 */
const pinned = {
  stream: {
    // A new stream is empty, and what the old one still held is not read by anybody.
    ClickStream5F03EC02: 'AWS::Kinesis::Stream',
    // A new key does not open what the old one closed, and the old one is deleted in dev.
    ClickStreamKeyD01B26F9: 'AWS::KMS::Key',
    // A new topic has no subscription that somebody made by hand.
    AlarmTopicC2164170: 'AWS::SNS::Topic',
  },
  aggregation: {
    // A new table counts from what the stream still has; the counters of before are in the old one.
    AggregatesDCEBC1D6: 'AWS::DynamoDB::Table',
    // A new bucket is empty: what was given up and not repaired lies in the old one.
    OnFailure48FF2A5A: 'AWS::S3::Bucket',
    // A new mapping starts at the end of the stream that is about to expire, and gives up what is older than the
    // maximum age without having tried it.
    AggregatorMapping4B1FBB45: 'AWS::Lambda::EventSourceMapping',
  },
  archive: {
    // A new bucket begins a new archive.
    ArchiveDA4CB258: 'AWS::S3::Bucket',
    // A new delivery stream starts at its creation; what the old one had buffered is gone: a gap in the archive.
    Delivery5F6C039D: 'AWS::KinesisFirehose::DeliveryStream',
    // The role of a delivery stream cannot be changed: a new role is a new delivery stream.
    DeliveryRole959799AB: 'AWS::IAM::Role',
  },
};

/** What loses data by being made anew, whichever stack it is in. */
const precious = new Set(Object.values(pinned).flatMap((ids) => Object.values(ids)));
precious.delete('AWS::IAM::Role');

describe.each(['dev', 'prod'])('in %s', (stage) => {
  const templates = templatesOf({ stage, encryption: 'customer-managed' });

  it.each(applications)('what would lose data in the %s stack keeps its logical id', (application) => {
    const { Resources } = templates[application];
    const types = Object.keys(pinned[application]).map((id) => [id, Resources[id]?.Type]);
    expect(Object.fromEntries(types)).toEqual(pinned[application]);
  });

  it.each(applications)(
    'nothing that would lose data in the %s stack is missing from the list',
    (application) => {
      const found = Object.entries(templates[application].Resources).filter(([, { Type }]) =>
        precious.has(Type),
      );
      expect(Object.keys(pinned[application])).toEqual(expect.arrayContaining(found.map(([id]) => id)));
    },
  );

  it('the delivery stream reads under the role in the list', () => {
    const [, delivery] = only(templates.archive, 'AWS::KinesisFirehose::DeliveryStream');
    expect(delivery.Properties.KinesisStreamSourceConfiguration.RoleARN).toEqual(
      attribute('DeliveryRole959799AB'),
    );
  });
});
